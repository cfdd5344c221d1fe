package io.fanfare.dispatch.channel.telegram;

import io.fanfare.dispatch.channel.OpenedAccount;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.telegram.telegrambots.meta.TelegramUrl;

/**
 * The settings of a bot's account, checked.
 *
 * @param url where the Bot API is
 * @param token the bot's secret
 * @param paidBroadcast more than 30 messages a second may go out, which Telegram charges for
 */
record TelegramBot(TelegramUrl url, String token, boolean paidBroadcast) {

  // Only what cannot change the path of a request; Telegram itself judges the rest.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9:_-]{1,256}");

  /** An account's settings make no sense; the message says which, and holds no secret. */
  static final class Invalid extends Exception {

    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws Invalid when the token is missing or malformed, or {@code api_url} is no http or https
   *     address without a path
   */
  static TelegramBot of(OpenedAccount account) throws Invalid {
    String token = account.secret().getOrDefault("token", "").strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new Invalid("the account's token is missing or malformed");
    }
    String url = account.settings().getOrDefault("api_url", "").strip();
    boolean paid = "true".equals(account.settings().get("allow_paid_broadcast"));
    return new TelegramBot(url.isEmpty() ? TelegramUrl.DEFAULT_URL : parse(url), token, paid);
  }

  private static TelegramUrl parse(String url) throws Invalid {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      String path = uri.getPath() == null ? "" : uri.getPath();
      boolean encrypted = scheme.equals("https");
      boolean usable =
          (encrypted || scheme.equals("http"))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && (path.isEmpty() || path.equals("/"))
              && uri.getQuery() == null;
      if (usable) {
        int port = uri.getPort() > 0 ? uri.getPort() : encrypted ? 443 : 80;
        return new TelegramUrl(scheme, bare(uri.getHost()), port, false);
      }
    } catch (URISyntaxException notAUrl) {
      // Told below, as any other wrong address.
    }
    throw new Invalid("the account's api_url is not an http or https address without a path");
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The text without the token, whatever it came from. */
  String withoutToken(String text) {
    return text.replace(token, "***");
  }

  /** Never prints the token. */
  @Override
  public String toString() {
    return "TelegramBot[" + url.getHost() + "]";
  }
}
