package io.fanfare.localstack.simulator;

import io.fanfare.localstack.simulator.smtp.SmtpSettings;
import io.fanfare.localstack.simulator.smtp.SmtpSettings.Login;
import io.fanfare.localstack.simulator.telegram.TelegramSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The simulators in a process of their own. Options, all with defaults: {@code --bind=127.0.0.1},
 * {@code --smtp-port=}, {@code --telegram-port=}, {@code --http-port=} (0: any free one), {@code
 * --smtp-login=<user>:<password>}, {@code --telegram-tokens=<token>,<token>} and {@code
 * --count-only}. Prints {@code simulators ready smtp=<port> telegram=<port> http=<port>} once and
 * runs until SIGTERM.
 */
public final class SimulatorMain {

  private static final Set<String> KNOWN =
      Set.of(
          "bind",
          "smtp-port",
          "telegram-port",
          "http-port",
          "smtp-login",
          "telegram-tokens",
          "count-only");

  private SimulatorMain() {}

  public static void main(String[] arguments) throws InterruptedException, UnknownHostException {
    var simulators = Simulators.start(settings(options(arguments)));
    Runtime.getRuntime().addShutdownHook(new Thread(simulators::close, "simulators-stop"));
    System.out.printf(
        "simulators ready smtp=%d telegram=%d http=%d%n",
        simulators.smtp().port(), simulators.telegram().port(), simulators.server().port());
    new CountDownLatch(1).await();
  }

  private static Map<String, String> options(String[] arguments) {
    var options = new HashMap<String, String>();
    for (var argument : arguments) {
      int equals = argument.indexOf('=');
      var name =
          argument.substring(0, equals < 0 ? argument.length() : equals).replaceFirst("^--", "");
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException("Unknown option " + argument + "; known: " + KNOWN);
      }
      options.put(name, equals < 0 ? "" : argument.substring(equals + 1));
    }
    return options;
  }

  private static Simulators.Settings settings(Map<String, String> options)
      throws UnknownHostException {
    var address = InetAddress.getByName(options.getOrDefault("bind", "127.0.0.1"));
    var tokens = options.getOrDefault("telegram-tokens", "");
    var login = options.getOrDefault("smtp-login", "").split(":", 2);
    return new Simulators.Settings(
        new SmtpSettings(
            address,
            port(options, "smtp-port"),
            login.length == 2 ? new Login(login[0], login[1]) : null,
            true,
            null,
            0),
        new TelegramSettings(
            address,
            port(options, "telegram-port"),
            tokens.isEmpty() ? Set.of() : Set.of(tokens.split(","))),
        address,
        port(options, "http-port"),
        options.containsKey("count-only"));
  }

  private static int port(Map<String, String> options, String name) {
    return Integer.parseInt(options.getOrDefault(name, "0"));
  }
}
