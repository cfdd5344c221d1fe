package io.fanfare.contract;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a decoded record in which a component that is not {@code @Nullable} is null; records
 * inside it are looked at as well. What is required is read off the types once per class.
 */
final class RequiredComponents {

  private static final ClassValue<List<RecordComponent>> REQUIRED =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          List<RecordComponent> required = new ArrayList<>();
          for (RecordComponent component : type.getRecordComponents()) {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (!nullable && !component.getType().isPrimitive()) {
              component.getAccessor().setAccessible(true);
              required.add(component);
            }
          }
          return List.copyOf(required);
        }
      };

  private RequiredComponents() {}

  static void check(Record event) {
    for (RecordComponent component : REQUIRED.get(event.getClass())) {
      Object value = read(component, event);
      if (value == null) {
        throw new UndecodableEvent(
            event.getClass().getSimpleName() + " without " + component.getName());
      }
      if (value instanceof Record nested) {
        check(nested);
      } else if (value instanceof List<?> list) {
        checkAll(list);
      }
    }
  }

  private static void checkAll(List<?> list) {
    for (Object element : list) {
      if (element == null) {
        throw new UndecodableEvent("a list with a null in it");
      }
      if (element instanceof Record nested) {
        check(nested);
      }
    }
  }

  private static @Nullable Object read(RecordComponent component, Record event) {
    try {
      return component.getAccessor().invoke(event);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
