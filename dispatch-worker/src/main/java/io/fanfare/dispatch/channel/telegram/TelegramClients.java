package io.fanfare.dispatch.channel.telegram;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;

/**
 * Makes a Bot API client for each request over one shared pool of connections. Nothing is tried a
 * second time by itself, and no redirect or proxy leads elsewhere.
 */
final class TelegramClients implements AutoCloseable {

  private static final int KEPT_CONNECTIONS = 256;

  private final ObjectMapper json = new ObjectMapper();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AllowedTargets targets;
  private final OkHttpClient shared;

  TelegramClients(TelegramSettings settings, AllowedTargets targets) {
    this.targets = targets;
    Dispatcher dispatcher = new Dispatcher(threads);
    // The bound is the number of sends at one time; OkHttp's five per host would be a second one.
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    shared =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(
                new ConnectionPool(
                    KEPT_CONNECTIONS, settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS))
            .dns(targets::resolve)
            .proxy(Proxy.NO_PROXY)
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(settings.connectTimeout())
            .writeTimeout(settings.writeTimeout())
            .readTimeout(settings.answerTimeout())
            // The others begin anew with every byte, and the host is a tenant's own choice.
            .callTimeout(
                settings
                    .connectTimeout()
                    .plus(settings.writeTimeout())
                    .plus(settings.answerTimeout()))
            .addInterceptor(new BoundedAnswers())
            .build();
  }

  /**
   * A client whose one request is watched by {@code call}.
   *
   * @throws IOException when the account's host may not be reached
   */
  OkHttpTelegramClient watched(TelegramBot bot, TelegramCall call) throws IOException {
    requireAllowed(bot);
    OkHttpClient client = shared.newBuilder().addNetworkInterceptor(call).build();
    return new OkHttpTelegramClient(json, client, bot.token(), bot.url());
  }

  /**
   * A client for requests that are answered late on purpose.
   *
   * @param patience how long a request may take as a whole
   * @throws IOException when the account's host may not be reached
   */
  OkHttpClient patient(TelegramBot bot, Duration patience) throws IOException {
    requireAllowed(bot);
    return shared.newBuilder().readTimeout(patience).callTimeout(patience).build();
  }

  private void requireAllowed(TelegramBot bot) throws IOException {
    String host = bot.url().getHost();
    if (isAddress(host)) {
      // OkHttp asks no name server about an address, so neither would the check be asked.
      targets.resolve(host);
    }
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }

  @Override
  public void close() {
    shared.connectionPool().evictAll();
    threads.shutdown();
  }
}
