package io.fanfare.broadcast.broadcast;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A body that may name one list, or lists and segments, but not both. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ListOrAudience.Check.class)
@interface ListOrAudience {

  String message() default "must be given, or an audience instead of it, but not both";

  /** Whether one of the two must be there. */
  boolean required();

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** What is constrained. */
  interface Body {
    @Nullable UUID listId();

    @Nullable AudienceChoice audience();
  }

  /** Finds the fault at {@code list_id}. */
  final class Check implements ConstraintValidator<ListOrAudience, Body> {

    private boolean required;

    @Override
    public void initialize(ListOrAudience constraint) {
      required = constraint.required();
    }

    @Override
    public boolean isValid(Body body, ConstraintValidatorContext context) {
      boolean list = body.listId() != null;
      boolean audience = body.audience() != null;
      if (list ? !audience : audience || !required) {
        return true;
      }
      context.disableDefaultConstraintViolation();
      context
          .buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
          .addPropertyNode("listId")
          .addConstraintViolation();
      return false;
    }
  }
}
