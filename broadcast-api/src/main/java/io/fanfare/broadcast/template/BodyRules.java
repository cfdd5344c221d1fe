package io.fanfare.broadcast.template;

import io.fanfare.broadcast.template.TemplateChannels.EmailBody;
import io.fanfare.broadcast.template.TemplateChannels.TelegramBody;
import io.fanfare.broadcast.template.TemplateReport.Finding;
import io.fanfare.contract.content.MessageContent.Button;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a template's bodies must have, before anybody reads them as templates. */
final class BodyRules {

  private static final int MAX_SUBJECT = 500;
  private static final int MAX_HTML = 200_000;
  private static final int MAX_TEXT = 50_000;
  private static final int MAX_TELEGRAM_TEXT = 16_000;
  private static final int MAX_BUTTONS = 100;
  private static final int MAX_BUTTONS_IN_ROW = 8;
  private static final int MAX_BUTTON_TEXT = 500;
  private static final int MAX_URL = 2_000;
  private static final List<String> SCHEMES = List.of("http://", "https://", "tg://");

  private final List<Finding> findings = new ArrayList<>();

  private BodyRules() {}

  static List<Finding> check(TemplateChannels channels) {
    BodyRules rules = new BodyRules();
    if (channels.email() == null && channels.telegram() == null) {
      rules.findings.add(new Finding("/channels", "needs at least one channel"));
    }
    if (channels.email() != null) {
      rules.email(channels.email());
    }
    if (channels.telegram() != null) {
      rules.telegram(channels.telegram());
    }
    return rules.findings;
  }

  private void email(EmailBody email) {
    String at = "/channels/email";
    required(at + "/subject", email.subject(), MAX_SUBJECT);
    if (email.subject() != null && email.subject().matches("(?s).*[\\r\\n].*")) {
      findings.add(new Finding(at + "/subject", "must be a single line"));
    }
    if (isBlank(email.html()) && isBlank(email.text())) {
      findings.add(new Finding(at, "needs html or text"));
    }
    atMost(at + "/html", email.html(), MAX_HTML);
    atMost(at + "/text", email.text(), MAX_TEXT);
  }

  private void telegram(TelegramBody telegram) {
    String at = "/channels/telegram";
    required(at + "/text", telegram.text(), MAX_TELEGRAM_TEXT);
    int count = 0;
    for (int row = 0; row < telegram.buttonRows().size(); row++) {
      List<Button> buttons = telegram.buttonRows().get(row);
      String rowAt = at + "/buttons/" + row;
      if (buttons == null || buttons.isEmpty() || buttons.size() > MAX_BUTTONS_IN_ROW) {
        findings.add(new Finding(rowAt, "must hold 1 to " + MAX_BUTTONS_IN_ROW + " buttons"));
        continue;
      }
      count += buttons.size();
      for (int i = 0; i < buttons.size(); i++) {
        button(rowAt + "/" + i, buttons.get(i));
      }
    }
    if (count > MAX_BUTTONS) {
      findings.add(new Finding(at + "/buttons", "must hold at most " + MAX_BUTTONS + " buttons"));
    }
  }

  private void button(String at, @Nullable Button button) {
    if (button == null) {
      findings.add(new Finding(at, "is missing"));
      return;
    }
    required(at + "/text", button.text(), MAX_BUTTON_TEXT);
    if (button.url() != null && button.data() != null) {
      findings.add(new Finding(at, "must have either url or data, not both"));
    } else if (button.data() != null) {
      data(at + "/data", button.data());
    } else if (button.url() == null) {
      findings.add(new Finding(at + "/url", "must not be empty unless there is data"));
    } else {
      url(at + "/url", button.url());
    }
  }

  private void url(String pointer, String given) {
    required(pointer, given, MAX_URL);
    String url = given.isBlank() ? "{" : given.strip().toLowerCase(Locale.ROOT);
    if (!url.startsWith("{") && SCHEMES.stream().noneMatch(url::startsWith)) {
      findings.add(new Finding(pointer, "must begin with http://, https:// or tg://"));
    }
  }

  /** The same for everybody, since presses are counted by it. */
  private void data(String pointer, String data) {
    int bytes = data.getBytes(StandardCharsets.UTF_8).length;
    if (data.isBlank() || bytes > Button.MOST_DATA_BYTES) {
      findings.add(
          new Finding(pointer, "must have 1 to " + Button.MOST_DATA_BYTES + " bytes of UTF-8"));
    } else if (!data.equals(data.strip()) || data.chars().anyMatch(Character::isISOControl)) {
      findings.add(
          new Finding(pointer, "must not begin or end with a space or hold control characters"));
    } else if (data.contains("{{") || data.contains("{%")) {
      findings.add(new Finding(pointer, "is the same for everybody and holds no variables"));
    }
  }

  private void required(String pointer, @Nullable String text, int max) {
    if (isBlank(text)) {
      findings.add(new Finding(pointer, "must not be empty"));
    }
    atMost(pointer, text, max);
  }

  private void atMost(String pointer, @Nullable String text, int max) {
    if (text != null && text.length() > max) {
      findings.add(new Finding(pointer, "must have at most " + max + " characters"));
    }
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
