package io.fanfare.localstack.simulator.mailbox;

import com.sun.net.httpserver.HttpExchange;
import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.fault.FaultPlans;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.AcceptedMessage;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.recipient.RecipientBehaviour;
import io.fanfare.localstack.simulator.recipient.Recipients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages, reports and faults over HTTP, for the page, for tests and for benchmarks in other
 * processes.
 */
final class ControlApi {

  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MOST = 200;
  private static final int BODY_MOST = 64 << 10;
  private static final Pattern MESSAGE =
      Pattern.compile("/simulator/messages/(\\d{1,18})(/html|/raw)?");
  private static final Pattern PRESS = Pattern.compile("/simulator/messages/(\\d{1,18})/press");

  private static final String FILES = "/simulator/files/";

  // A mail's own scripts, forms and remote images must not run or load, whoever opens this address.
  private static final String MAIL_POLICY =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

  private final ProviderLog log;
  private final Faults email;
  private final Faults telegram;
  private final Recipients recipients;

  ControlApi(ProviderLog log, Faults email, Faults telegram, Recipients recipients) {
    this.log = log;
    this.email = email;
    this.telegram = telegram;
    this.recipients = recipients;
  }

  Response answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var query = Query.of(exchange.getRequestURI());
    var method = exchange.getRequestMethod();
    return switch (method + " " + path) {
      case "GET /simulator/messages" -> Response.json(messages(query));
      case "DELETE /simulator/messages" -> {
        log.reset();
        recipients.forget();
        yield Response.empty();
      }
      case "GET /simulator/report" ->
          Response.json(query.text("marker").map(log::report).orElseGet(log::report));
      case "GET /simulator/recipients" -> recipients(query);
      case "GET /simulator/arrivals" -> arrivals(query);
      case "GET /simulator/behaviour" -> Response.json(recipients.behaviour());
      case "PUT /simulator/behaviour" -> Response.json(replaceBehaviour(exchange));
      case "GET /simulator/engagement" -> Response.json(recipients.report());
      case "GET /simulator/faults" -> Response.json(plans());
      case "PUT /simulator/faults" -> Response.json(replacePlans(exchange));
      default ->
          switch (method) {
            case "GET" -> message(path);
            case "POST" -> press(path, exchange);
            default -> notFound();
          };
    };
  }

  /** As if the recipient pressed a button of a message. */
  private Response press(String path, HttpExchange exchange) throws IOException {
    var matcher = PRESS.matcher(path);
    if (!matcher.matches()) {
      return notFound();
    }
    var message = kept(matcher.group(1));
    String data;
    try {
      data = Response.JSON.readTree(body(exchange)).path("data").asString("");
    } catch (JacksonException e) {
      throw new BadRequest(422, "invalid_press", "An object with the data is expected");
    }
    if (!recipients.press(message, data)) {
      throw new BadRequest(422, "invalid_press", "The message has no button with this data");
    }
    return Response.empty();
  }

  private AcceptedMessage kept(String id) {
    return log.message(Long.parseLong(id))
        .orElseThrow(() -> new BadRequest(404, "not_found", "No longer kept, or never taken"));
  }

  private static Response notFound() {
    throw new BadRequest(404, "not_found", "No such resource or method");
  }

  private MessagePage messages(Query query) {
    int limit = (int) query.number("limit", 1, PAGE_MOST, PAGE_DEFAULT);
    long before = query.number("after", 0, Long.MAX_VALUE, Long.MAX_VALUE);
    Predicate<AcceptedMessage> condition =
        query
            .text("channel")
            .map(ControlApi::channel)
            .<Predicate<AcceptedMessage>>map(channel -> message -> message.channel() == channel)
            .orElse(message -> true);
    var part = query.text("address").orElse("").toLowerCase(Locale.ROOT);
    var found =
        log.newest(
            condition.and(message -> message.address().toLowerCase(Locale.ROOT).contains(part)),
            before,
            limit + 1);
    var page = found.subList(0, Math.min(limit, found.size()));
    return new MessagePage(
        page.stream().map(Views::summary).toList(),
        found.size() > limit ? page.getLast().id() : null);
  }

  /** Shown by the page when it is an image; whatever else it is, it is only saved. */
  private Response file(String id) {
    var file =
        log.files()
            .find(id)
            .orElseThrow(() -> new BadRequest(404, "not_found", "No longer kept, or never taken"));
    return new Response(200, file.type(), MAIL_POLICY, file.bytes());
  }

  private Response message(String path) {
    if (path.startsWith(FILES)) {
      return file(path.substring(FILES.length()));
    }
    var matcher = MESSAGE.matcher(path);
    if (!matcher.matches()) {
      return notFound();
    }
    var message = kept(matcher.group(1));
    return switch (matcher.group(2)) {
      case "/html" -> {
        var html = Views.html(message);
        yield html == null ? notFound() : Response.html(MAIL_POLICY, html);
      }
      case "/raw" -> Response.text("text/plain; charset=utf-8", message.content());
      case null, default -> Response.json(Views.view(message));
    };
  }

  /** One JSON object a line, because there may be hundreds of thousands. */
  private Response recipients(Query query) {
    int fromCount = (int) query.number("from_count", 1, Integer.MAX_VALUE, 1);
    var lines = new StringBuilder();
    for (var recipient :
        log.recipients(
            channel(query.required("channel")), query.text("marker").orElse(""), fromCount)) {
      lines.append(Response.JSON.writeValueAsString(recipient)).append('\n');
    }
    return Response.text("application/x-ndjson", lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Response arrivals(Query query) {
    var nanos = log.arrivals(channel(query.required("channel")), query.text("marker").orElse(""));
    var lines = new StringBuilder(nanos.length * 20);
    Arrays.stream(nanos).forEach(each -> lines.append(each).append('\n'));
    return Response.text("text/plain", lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private FaultPlans plans() {
    return new FaultPlans(email.plan(), telegram.plan());
  }

  /**
   * Fields that are left out take their value of no faults, so that a plan never depends on the one
   * before.
   */
  private FaultPlans replacePlans(HttpExchange exchange) throws IOException {
    var body = body(exchange);
    try {
      var tree = Response.JSON.readTree(body);
      var unknown =
          tree.propertyNames().stream()
              .filter(name -> !List.of("email", "telegram").contains(name))
              .toList();
      if (!tree.isObject() || !unknown.isEmpty()) {
        throw new BadRequest(
            422, "invalid_plan", "An object with email and telegram is expected, not " + unknown);
      }
      var plans = new FaultPlans(plan(tree.path("email")), plan(tree.path("telegram")));
      email.plan(plans.email());
      telegram.plan(plans.telegram());
      return plans;
    } catch (JacksonException | IllegalArgumentException e) {
      throw new BadRequest(422, "invalid_plan", String.valueOf(e.getMessage()));
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readNBytes(BODY_MOST + 1);
    if (body.length > BODY_MOST) {
      throw new BadRequest(413, "too_large", "A plan has at most " + BODY_MOST + " bytes");
    }
    return body;
  }

  /** As with faults, what is left out is what nobody does. */
  private RecipientBehaviour replaceBehaviour(HttpExchange exchange) throws IOException {
    var body = body(exchange);
    try {
      if (!(Response.JSON.readTree(body) instanceof ObjectNode changes)) {
        throw new IllegalArgumentException("A behaviour is an object");
      }
      var complete = Response.JSON.<ObjectNode>valueToTree(RecipientBehaviour.NONE);
      complete.setAll(changes);
      RecipientBehaviour behaviour =
          Response.JSON
              .readerFor(RecipientBehaviour.class)
              .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .without(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
              .readValue(complete);
      recipients.behave(behaviour);
      return behaviour;
    } catch (JacksonException | IllegalArgumentException e) {
      throw new BadRequest(422, "invalid_behaviour", String.valueOf(e.getMessage()));
    }
  }

  private static FaultPlan plan(JsonNode changes) {
    var complete = Response.JSON.<ObjectNode>valueToTree(FaultPlan.NONE);
    switch (changes) {
      case ObjectNode object -> complete.setAll(object);
      case MissingNode missing -> {}
      default -> throw new IllegalArgumentException("A plan is an object, not " + changes);
    }
    return Response.JSON
        .readerFor(FaultPlan.class)
        .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(complete);
  }

  private static Channel channel(String label) {
    try {
      return Channel.of(label);
    } catch (IllegalArgumentException e) {
      throw new BadRequest(400, "invalid_query", String.valueOf(e.getMessage()));
    }
  }
}
