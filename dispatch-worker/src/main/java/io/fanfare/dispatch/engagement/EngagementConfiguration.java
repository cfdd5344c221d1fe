package io.fanfare.dispatch.engagement;

import io.fanfare.dispatch.engagement.link.LinkRepository;
import io.fanfare.dispatch.engagement.link.LinkTracker;
import io.fanfare.dispatch.engagement.preference.PreferenceTokens;
import io.fanfare.dispatch.engagement.preference.SignedPreferenceLinks;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import io.fanfare.dispatch.engagement.token.EngagementTokens;
import io.fanfare.support.kafka.TopicsReady;
import io.fanfare.support.secret.SecretBox;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what takes engagement in. */
@Configuration(proxyBeanMethods = false)
class EngagementConfiguration {

  @Bean(destroyMethod = "close")
  EngagementPublisher engagementPublisher(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${spring.application.name}") String serviceName,
      EngagementSettings settings,
      TopicsReady topicsReady) {
    return new EngagementPublisher(bootstrapServers, serviceName + "-engagement", settings);
  }

  @Bean
  EngagementTokens engagementTokens(SecretBox secrets) {
    return new EngagementTokens(secrets.derive(EngagementTokens.KEY_LABEL));
  }

  @Bean
  PreferenceTokens preferenceTokens(SecretBox secrets) {
    return new PreferenceTokens(secrets.derive(PreferenceTokens.KEY_LABEL));
  }

  @Bean
  SignedPreferenceLinks signedPreferenceLinks(
      @Value("${fanfare.public-url:${FANFARE_PUBLIC_URL:}}") String publicUrl,
      PreferenceTokens tokens,
      Clock clock) {
    return new SignedPreferenceLinks(publicUrl, tokens, clock);
  }

  @Bean
  BounceTokens bounceTokens(SecretBox secrets) {
    return new BounceTokens(secrets.derive(BounceTokens.KEY_LABEL));
  }

  @Bean
  LinkTracker linkTracker(
      @Value("${fanfare.public-url:${FANFARE_PUBLIC_URL:}}") String publicUrl,
      EngagementTokens tokens,
      SignedPreferenceLinks preferences,
      LinkRepository links) {
    return new LinkTracker(publicUrl, tokens, preferences, links);
  }
}
