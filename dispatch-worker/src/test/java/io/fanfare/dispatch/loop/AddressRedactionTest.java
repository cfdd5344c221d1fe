package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.delivery.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRedactionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ada@example.org | 5.1.1 <Ada@Example.org>: user unknown     | 5.1.1 <recipient>: user unknown",
        "ada@example.org | mailbox ada is full, ask ada@example.org. | mailbox <recipient> is full, ask <recipient>.",
        "ada@example.org | no adaptation for armada                  | no adaptation for armada",
        "to@example.org  | not allowed to send                       | not allowed to send",
        "a.b+c@x.org     | RCPT a.b+c refused                        | RCPT <recipient> refused",
        "-100123         | chat -100123 not found                    | chat <recipient> not found",
      })
  void takesTheRecipientOutOfAProvidersWords(String address, String words, String kept) {
    Cause cause = AddressRedaction.of(new Cause("refused", words, "5.1.1"), address);
    assertThat(cause).isEqualTo(new Cause("refused", kept, "5.1.1"));
  }

  @Test
  void leavesWhatDoesNotNameAnybody() {
    Cause cause = new Cause("refused", "try again later", null);
    assertThat(AddressRedaction.of(cause, "ada@example.org")).isSameAs(cause);
  }
}
