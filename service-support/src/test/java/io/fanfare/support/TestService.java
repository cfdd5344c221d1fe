package io.fanfare.support;

import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The smallest service: what this module gives to every one, and a few endpoints to see it by. */
@SpringBootApplication
@Import(ServiceSupport.class)
public class TestService {

  static final byte[] IDENTITY_KEY = new byte[32];

  static ConfigurableApplicationContext start(TestDatabase database) {
    return ServiceLauncher.builder(TestService.class, "test-service")
        .properties(
            "FANFARE_DATABASE_URL=" + database.jdbcUrl(),
            "FANFARE_DATABASE_USERNAME=" + database.username(),
            "FANFARE_DATABASE_PASSWORD=" + database.password(),
            "FANFARE_KAFKA_BOOTSTRAP_SERVERS=" + TestInfrastructure.bootstrapServers(),
            "FANFARE_TOPIC_PARTITIONS=2",
            "fanfare.test.skip-everything=true",
            "fanfare.test.skip-nothing=false",
            "FANFARE_IDENTITY_KEY=" + Base64.getEncoder().encodeToString(IDENTITY_KEY))
        .run();
  }

  /** Endpoints that answer, refuse and fail. */
  @RestController
  static class Things {

    @GetMapping("/api/v1/things")
    Page<String> list(Identity identity, PageRequest page) {
      return Page.of(
          List.of("a", "b", "c").subList(0, Math.min(3, page.limitPlusOne())),
          page.limit(),
          c -> c);
    }

    @GetMapping("/api/v1/things/{id}")
    Thing get(@PathVariable UUID id) {
      throw ProblemException.notFound("thing", id);
    }

    @PutMapping("/api/v1/things/{id}")
    ResponseEntity<Thing> put(
        @PathVariable UUID id,
        @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
        @RequestBody Thing thing) {
      EntityTag.require(ifMatch, 3);
      return ResponseEntity.ok(thing);
    }

    @PostMapping("/api/v1/things")
    @ApiResponse(
        responseCode = "201",
        content = @Content(examples = @ExampleObject("{\"display_name\": \"x\"}")))
    @ApiResponse(responseCode = "409", description = "thing_taken")
    Thing create(@Valid @RequestBody Thing thing) {
      return thing;
    }

    @PostMapping("/api/v1/things/send")
    @RequireRole(Role.SENDER)
    void send() {
      throw ProblemException.tooManyRequests("too_many", "slow down", Duration.ofMillis(1500));
    }

    @GetMapping("/api/v1/things/stored")
    void stored() {
      DriverManagerDataSource nowhere =
          new DriverManagerDataSource("jdbc:postgresql://localhost:1/nothing?connectTimeout=1");
      JdbcClient.create(nowhere).sql("SELECT 1").query(Integer.class).single();
    }

    @PutMapping("/api/v1/things/stored")
    void store() {
      DriverManagerDataSource nowhere =
          new DriverManagerDataSource("jdbc:postgresql://localhost:1/nothing?connectTimeout=1");
      new TransactionTemplate(new DataSourceTransactionManager(nowhere))
          .executeWithoutResult(status -> {});
    }

    @GetMapping("/api/v1/things/bug")
    void bug() {
      throw new IllegalStateException("with a detail nobody outside should see");
    }
  }

  record Thing(
      @NotBlank String displayName, @Valid List<Part> parts, @Nullable Map<String, Integer> sizes) {
    record Part(@Size(max = 3) String partCode, int weight) {}
  }
}
