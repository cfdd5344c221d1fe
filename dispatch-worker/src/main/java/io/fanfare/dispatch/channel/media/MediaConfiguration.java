package io.fanfare.dispatch.channel.media;

import io.fanfare.support.identity.IdentityTokens;
import java.net.URI;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the files of contents come from. */
@Configuration(proxyBeanMethods = false)
class MediaConfiguration {

  /**
   * @param broadcastApi {@code FANFARE_BROADCAST_URL}, where this worker reaches broadcast-api
   */
  @Bean(destroyMethod = "close")
  MediaFetcher mediaFetcher(
      @Value("${FANFARE_BROADCAST_URL:http://localhost:8080}") URI broadcastApi,
      IdentityTokens tokens,
      Clock clock) {
    return new MediaFetcher(broadcastApi, tokens, clock);
  }
}
