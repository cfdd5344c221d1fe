package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Asks what a freeze would decide now, and what a test of such a size could find. */
@Component
class DryRunClient {

  /** What audience-service would decide; see its own description. */
  record Decided(
      long contacts,
      long messages,
      Map<String, Long> skipped,
      long putOff,
      @Nullable Instant putOffUntil,
      Map<String, DryRunAnswer.OfChannel> channels,
      Map<String, Map<String, Long>> variants,
      Map<String, Long> missingVariables,
      @Nullable Long estimatedSeconds,
      @Nullable String boundedBy) {}

  /** What analytics-service says of a test. */
  record TestPower(@Nullable Map<String, Object> power, List<DryRunAnswer.Warning> warnings) {}

  private record Refusal(
      @Nullable String code, @Nullable String detail, @Nullable List<Pointer> errors) {}

  private record Pointer(@Nullable String pointer, @Nullable String detail) {}

  private static final Duration TURN = Duration.ofSeconds(5);

  private final BackendClient backend;
  private final JsonMapper json;

  DryRunClient(BackendClient backend, JsonMapper json) {
    this.backend = backend;
    this.json = json;
  }

  /**
   * @throws ProblemException 422 when the audience cannot be used, 503 when it takes too long, 429
   *     when others are under way, 502 when audience-service does not answer
   */
  Decided decide(BroadcastControl control, Instant startsAt) {
    return ask(
        control.tenantId(),
        backend.backends().audienceUrl(),
        "/internal/v1/dry-runs?starts_at=" + startsAt,
        EventCodec.encode(control),
        new TypeReference<Decided>() {});
  }

  /** The same of the test's power. */
  TestPower power(UUID tenantId, AbTest test, List<Long> sizes) {
    return ask(
        tenantId,
        backend.backends().analyticsUrl(),
        "/internal/v1/ab-tests/power?sizes="
            + String.join(",", sizes.stream().map(String::valueOf).toList()),
        EventCodec.encode(test),
        new TypeReference<TestPower>() {});
  }

  private <T> T ask(
      UUID tenantId, URI service, String path, byte[] question, TypeReference<T> type) {
    HttpResponse<InputStream> answer =
        backend.exchange(
            backend
                .request(service, path, Identity.system(tenantId))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(question))
                .build());
    try (InputStream body = answer.body()) {
      switch (answer.statusCode()) {
        case 200 -> {
          return json.readValue(body, type);
        }
        case 422 -> throw refused(json.readValue(body, Refusal.class));
        case 429 ->
            throw ProblemException.tooManyRequests(
                "too_many_dry_runs", "others are tried out; try again later", TURN);
        case 503 ->
            throw ProblemException.unavailable(
                "dry_run_too_slow", "the dry run took too long; try again later");
        default -> {
          // Answered below, as what cannot be read is.
        }
      }
    } catch (IOException | JacksonException e) {
      // Answered below: what cannot be read is as little an answer as another status.
    }
    throw ProblemException.badGateway(
        "backend_unavailable", "what would come of the broadcast cannot be had right now");
  }

  private static ProblemException refused(Refusal refusal) {
    Pointer first =
        refusal.errors == null || refusal.errors.isEmpty() ? null : refusal.errors.getFirst();
    if (first == null || first.pointer == null || first.detail == null) {
      return new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT,
          String.valueOf(refusal.code),
          String.valueOf(refusal.detail),
          List.of(),
          null);
    }
    return ProblemException.invalid(first.pointer, first.detail);
  }
}
