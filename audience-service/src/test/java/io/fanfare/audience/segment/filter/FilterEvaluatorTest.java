package io.fanfare.audience.segment.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What filters mean, leaf by leaf. */
class FilterEvaluatorTest {

  /** Just before midnight in London, summer time; the next day in Kolkata. */
  private static final Instant NOW = Instant.parse("2026-03-31T22:30:00Z");

  private static final String CUSTOM =
      """
      {"grade": 7.0, "text": "7", "yes": true, "nothing": null, "plan": "Gold plated",
       "interests": ["Chess", 7, null], "born": "2026-03-31", "seen": "2026-03-31T22:59:59.9Z",
       "offset": "2026-03-31T22:00:00+01:00", "impossible": "2026-13-01",
       "pipelines": [{"pipeline": "a", "stage": "new"}, {"pipeline": "b", "stage": "won"}],
       "registrations": ["open-day", {"event": "cup", "status": "paid"}], "tutor": ["t-1", "t-2"],
       "teacher": 9}
      """;

  private static final ContactFacts CONTACT =
      new ContactFacts(
          42,
          null,
          Map.of(
              ContactField.NAME, "Émile Zola",
              ContactField.EMAIL, "Emile@Example.org",
              ContactField.LANGUAGE, "en-GB",
              ContactField.EXTERNAL_ID, "s_1"),
          Set.of("student"),
          Set.of(),
          JsonMapper.shared().readTree(CUSTOM),
          Instant.parse("2026-03-31T23:00:00Z"),
          Instant.parse("2026-02-28T12:00:00Z"),
          Set.of(),
          Set.of("*"),
          List.of(),
          Map.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"field":"country","op":"eq","value":"GB"}                    | false
          {"field":"country","op":"ne","value":"GB"}                    | false
          {"not":{"field":"country","op":"eq","value":"GB"}}            | true
          {"not":{"field":"country","op":"ne","value":"GB"}}            | true
          {"field":"country","op":"exists"}                             | false
          {"field":"name","op":"eq","value":"ÉMILE zola"}               | true
          {"field":"name","op":"contains","value":"LE Z"}               | true
          {"field":"name","op":"starts_with","value":"émile"}           | true
          {"field":"name","op":"starts_with","value":"%"}               | false
          {"field":"external_id","op":"eq","value":"S_1"}               | false
          {"field":"external_id","op":"starts_with","value":"sx"}       | false
          {"field":"language","op":"eq","value":"EN-gb"}                | true
          {"field":"language","op":"eq","value":"en"}                   | false
          {"field":"language","op":"primary","value":"EN"}              | true
          {"field":"roles","op":"any","value":["Student"]}              | false
          {"field":"roles","op":"all","value":["student"]}              | true
          {"field":"tags","op":"none","value":["x"]}                    | true
          {"field":"tags","op":"exists"}                                | false
          {"field":"telegram_chat_id","op":"exists"}                    | false
          {"field":"custom.grade","op":"eq","value":7}                  | true
          {"field":"custom.grade","op":"eq","value":"7"}                | false
          {"field":"custom.grade","op":"ne","value":"7"}                | false
          {"field":"custom.text","op":"eq","value":7}                   | false
          {"field":"custom.text","op":"gte","value":1}                  | false
          {"field":"custom.grade","op":"between","value":[7,7]}         | true
          {"field":"custom.grade","op":"lt","value":7}                  | false
          {"field":"custom.yes","op":"gt","value":0}                    | false
          {"field":"custom.nothing","op":"exists"}                      | false
          {"field":"custom.missing","op":"ne","value":1}                | false
          {"not":{"field":"custom.missing","op":"ne","value":1}}        | true
          {"field":"custom.plan","op":"contains","value":"gold"}        | true
          {"field":"custom.plan","op":"eq","value":"gold plated"}       | false
          {"field":"custom.interests","op":"contains","value":"Chess"}  | true
          {"field":"custom.interests","op":"contains","value":"chess"}  | false
          {"field":"custom.interests","op":"eq","value":"Chess"}        | false
          {"field":"custom.interests","op":"all","value":[7,"Chess"]}   | true
          {"field":"custom.born","op":"on","value":"today"}             | true
          {"field":"custom.born","op":"on","value":"today","zone":"Asia/Kolkata"} | false
          {"field":"custom.born","op":"on","value":"-1d","zone":"Asia/Kolkata"}   | true
          {"field":"custom.born","op":"gte","value":"start_of_month"}   | true
          {"field":"custom.born","op":"lt","value":"start_of_month+1m"} | true
          {"field":"custom.born","op":"on","value":"start_of_year+3m-1d"} | refused
          {"field":"custom.seen","op":"on","value":"2026-03-31","zone":"Europe/London"} | true
          {"field":"custom.seen","op":"lt","value":"2026-03-31T23:00:00Z"}  | true
          {"field":"custom.seen","op":"lte","value":"2026-03-31T22:59:59Z"} | true
          {"field":"custom.seen","op":"gt","value":"2026-03-31T22:59:59Z"}  | false
          {"field":"custom.offset","op":"gt","value":"2000-01-01"}      | false
          {"field":"custom.impossible","op":"gt","value":"2000-01-01"}  | true
          {"field":"created_at","op":"on","value":"today","zone":"Europe/London"} | false
          {"field":"created_at","op":"on","value":"+1d","zone":"Europe/London"}   | true
          {"field":"created_at","op":"on","value":"today"}              | true
          {"field":"updated_at","op":"on","value":"-1m","zone":"Asia/Kolkata"} | false
          {"field":"updated_at","op":"on","value":"-1m"}                | true
          {"pipeline":"a"}                                              | true
          {"pipeline":"a","stage":"won"}                                | false
          {"pipeline":"b","stage":["lost","won"]}                       | true
          {"registered":"open-day"}                                     | true
          {"registered":"open-day","status":"paid"}                     | false
          {"registered":"cup","status":"paid"}                          | true
          {"group":"tutor","value":"t-2"}                               | true
          {"group":"teacher","value":[8,9]}                             | true
          {"group":"contacts","value":[41,42]}                          | true
          {"opted_out":"telegram"}                                      | true
          {"has_address":"email"}                                       | true
          {"has_address":"telegram"}                                    | false
          {"inactive_for_days":1}                                       | false
          """)
  void means(String json, String expected) {
    Filter filter = FilterReader.read(JsonMapper.shared().readTree(json), "", new ArrayList<>());
    String found =
        filter == null
            ? "refused"
            : Boolean.toString(new FilterEvaluator(CONTACT, NOW).matches(filter));
    assertThat(found).isEqualTo(expected);
  }
}
