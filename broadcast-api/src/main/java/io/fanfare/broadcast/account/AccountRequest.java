package io.fanfare.broadcast.account;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A channel account as it is to be.
 *
 * @param channel email or telegram; cannot be changed later
 * @param name its name, for people, 1 to 200 characters
 * @param settings what the channel needs and may be shown. E-mail: {@code host}, {@code port}
 *     (default 25 without security, 587 with starttls, 465 with tls), {@code security} (none,
 *     starttls, tls; default starttls), {@code username}, {@code auth} (password, xoauth2; default
 *     password), {@code from}, {@code from_name}, {@code reply_to}; {@code return_path}: where
 *     bounces go, with up to 7 characters before the {@code @}; {@code bounce_host}, {@code
 *     bounce_port}, {@code bounce_security} (tls, none; default tls), {@code bounce_username},
 *     {@code bounce_protocol} (imap, pop3; default imap): the mailbox they are fetched from. By
 *     IMAP: {@code bounce_folder} (default INBOX); {@code bounce_processed_folder}: where they are
 *     put afterwards, by default they are deleted. By POP3 they are deleted; {@code
 *     bounce_delete_unmatched} (true or false, default false): what is no bounce of ours is deleted
 *     too, and does not stay. {@code dkim_domain} and {@code dkim_selector} to have the messages
 *     signed here; {@code domain_limits} (messages a second by recipients' mail domain, {@code *}
 *     for every other domain; none below the number of shards). Telegram: {@code api_url} (default
 *     {@code https://api.telegram.org}), {@code allow_paid_broadcast} (true or false, default
 *     false): Telegram may charge for what goes beyond 30 messages a second; {@code updates} (poll,
 *     webhook, off; default poll): how we learn what people answer and press. A bot's updates go to
 *     one program only
 * @param secret what must not be shown, all of it or none. E-mail: with a username {@code
 *     password}, or {@code access_token} with {@code auth} xoauth2; {@code dkim_private_key}, with
 *     a DKIM domain: RSA, 2048 to 4096 bits, PEM. {@code bounce_password}, with a {@code
 *     bounce_host}. Telegram: {@code token}. Left out in an update: stays as it is, unless host or
 *     api_url change or the settings need another
 * @param ratePerSecond messages a second the provider takes from this account. Telegram: 1 to 30,
 *     with {@code allow_paid_broadcast} 1 to 1000; default 30. E-mail: 0 to 100,000, default 0: no
 *     limit is known
 * @param shards into how many lanes the account is split, so that several workers can carry it, 1
 *     to 64; default 1 for Telegram, 8 for e-mail; cannot be changed later
 */
record AccountRequest(
    @NotBlank @Schema(example = "email") String channel,
    @NotBlank @Size(max = 200) @Schema(example = "Newsletter server") String name,
    @NotNull
        @Schema(
            example =
                "{\"host\": \"smtp.example.com\", \"port\": 587, \"security\": \"starttls\","
                    + " \"username\": \"news\", \"from\": \"news@example.com\","
                    + " \"from_name\": \"Example School\","
                    + " \"domain_limits\": {\"gmail.com\": 40, \"*\": 80}}")
        Map<String, @Nullable Object> settings,
    @Nullable @Schema(example = "{\"password\": \"…\"}") Map<String, @Nullable Object> secret,
    @Nullable @Schema(example = "0") Integer ratePerSecond,
    @Nullable @Schema(example = "8") Integer shards) {

  /** Never prints the secret. */
  @Override
  public String toString() {
    return "AccountRequest[" + channel + ", " + name + "]";
  }
}
