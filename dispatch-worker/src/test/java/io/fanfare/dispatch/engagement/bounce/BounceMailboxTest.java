package io.fanfare.dispatch.engagement.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.engagement.bounce.BounceMailbox.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BounceMailboxTest {

  private static final UUID ONE = new UUID(1, 1);
  private static final UUID OTHER = new UUID(2, 2);

  @Test
  void accountsThatNameOneMailboxWithItsPasswordShareIt() {
    Map<String, BounceMailbox> mailboxes =
        BounceMailbox.of(
            List.of(
                account(ONE, "secret", Map.of()),
                account(OTHER, "secret", Map.of()),
                account(OTHER, "guessed", Map.of()),
                account(ONE, "secret", Map.of("bounce_folder", "Bounces")),
                account(ONE, "secret", Map.of("bounce_host", ""))));
    assertThat(mailboxes).hasSize(3);
    assertThat(mailboxes.values())
        .filteredOn(mailbox -> mailbox.folder().equals("INBOX"))
        .extracting(BounceMailbox::tenants)
        .extracting(java.util.Set::size)
        .containsExactlyInAnyOrder(2, 1);
    assertThat(mailboxes.toString()).doesNotContain("secret").doesNotContain("guessed");
  }

  @Test
  void connectsEncryptedUnlessToldOtherwise() {
    assertThat(BounceMailbox.of(List.of(account(ONE, "secret", Map.of()))).values())
        .singleElement()
        .satisfies(mailbox -> {
          assertThat(mailbox.tls()).isTrue();
          assertThat(mailbox.port()).isEqualTo(993);
          assertThat(mailbox.processedFolder()).isNull();
        });
    Map<String, String> plain =
        Map.of("bounce_security", "none", "bounce_processed_folder", "Done");
    assertThat(BounceMailbox.of(List.of(account(ONE, "secret", plain))).values())
        .singleElement()
        .satisfies(mailbox -> {
          assertThat(mailbox.tls()).isFalse();
          assertThat(mailbox.port()).isEqualTo(143);
          assertThat(mailbox.processedFolder()).isEqualTo("Done");
        });
  }

  @Test
  void byPop3ItIsAnotherOneAndKeepsWhatAnyOfItsAccountsWantsKept() {
    Map<String, String> pop3 = Map.of("bounce_protocol", "pop3");
    Map<String, String> deleting =
        Map.of("bounce_protocol", "pop3", "bounce_delete_unmatched", "true");
    assertThat(
            BounceMailbox.of(
                    List.of(
                        account(ONE, "secret", Map.of()),
                        account(ONE, "secret", deleting),
                        account(OTHER, "secret", pop3),
                        account(ONE, "other", deleting)))
                .values())
        .extracting(
            BounceMailbox::protocol,
            BounceMailbox::port,
            mailbox -> mailbox.tenants().size(),
            BounceMailbox::deletesUnmatched)
        .containsExactlyInAnyOrder(
            tuple(Protocol.IMAP, 993, 1, false),
            tuple(Protocol.POP3, 995, 2, false),
            tuple(Protocol.POP3, 995, 1, true));
  }

  private static OpenedAccount account(UUID tenant, String password, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bounce_host", "imap.example.com");
    settings.put("bounce_username", "bounces");
    settings.putAll(more);
    return new OpenedAccount(
        UUID.randomUUID(),
        tenant,
        Channel.EMAIL,
        1,
        0,
        settings,
        Map.of("bounce_password", password));
  }
}
