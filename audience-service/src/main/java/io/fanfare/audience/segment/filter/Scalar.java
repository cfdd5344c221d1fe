package io.fanfare.audience.segment.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A JSON value that custom fields are compared with. Values of different types are never equal. */
public sealed interface Scalar {

  /** The same as JSON. */
  JsonNode json();

  /** A text; equal only when every character is. */
  record Text(String value) implements Scalar {
    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.stringNode(value);
    }
  }

  /** A number; 1 and 1.0 are the same. */
  record Number(BigDecimal value) implements Scalar {

    public Number {
      value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.numberNode(value);
    }
  }

  /** True or false. */
  record Truth(boolean value) implements Scalar {
    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.booleanNode(value);
    }
  }

  /** A JSON value as a scalar; null when it is none, or JSON's null. */
  static @Nullable Scalar of(@Nullable JsonNode node) {
    if (node == null) {
      return null;
    }
    return switch (node.getNodeType()) {
      case STRING -> new Text(node.stringValue());
      case NUMBER -> new Number(node.decimalValue());
      case BOOLEAN -> new Truth(node.booleanValue());
      default -> null;
    };
  }
}
