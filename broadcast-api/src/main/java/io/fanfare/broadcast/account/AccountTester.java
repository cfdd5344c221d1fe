package io.fanfare.broadcast.account;

import io.fanfare.broadcast.frontdoor.BackendClient;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Has a worker try an account: only workers open secrets and speak to providers. */
@Component
class AccountTester {

  private final BackendClient client;
  private final JsonMapper json;

  AccountTester(BackendClient client, JsonMapper json) {
    this.client = client;
    this.json = json;
  }

  /**
   * Tries the account in the version it has now.
   *
   * @throws ProblemException 502 when no worker answers as one should
   */
  AccountTestResult test(Identity who, StoredAccount account) {
    String path =
        "/internal/v1/channel-accounts/%s/test?version=%d"
            .formatted(account.id(), account.version());
    HttpResponse<InputStream> answer =
        client.exchange(
            client
                .request(client.backends().dispatchUrl(), path, who)
                .POST(BodyPublishers.noBody())
                .build());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == 200) {
        return json.readValue(body.readAllBytes(), AccountTestResult.class);
      }
    } catch (IOException | JacksonException e) {
      // Answered below: what cannot be read is as little an answer as another status.
    }
    throw ProblemException.badGateway(
        "backend_unavailable", "no worker could test the account: status " + answer.statusCode());
  }
}
