package io.fanfare.analytics.csv;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Describes the answers of operations with {@link TableExamples}: the same as JSON and as CSV. */
@Component
class TableDescriptions implements OperationCustomizer {

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    TableExamples examples = handler.getMethodAnnotation(TableExamples.class);
    if (examples != null) {
      ApiResponse answer =
          operation.getResponses().computeIfAbsent("200", absent -> new ApiResponse());
      Content content = answer.getContent() == null ? new Content() : answer.getContent();
      content
          .computeIfAbsent("application/json", absent -> new MediaType())
          .setExample(read(examples.json()));
      content.addMediaType(
          "text/csv", new MediaType().schema(new StringSchema()).example(examples.csv()));
      answer.setContent(content);
    }
    return operation;
  }

  private static Object read(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + json, e);
    }
  }
}
