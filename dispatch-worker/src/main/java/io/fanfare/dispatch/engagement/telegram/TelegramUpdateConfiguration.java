package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.engagement.preference.SignedPreferenceLinks;
import io.fanfare.support.secret.SecretBox;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes what needs the service's keys. */
@Configuration(proxyBeanMethods = false)
class TelegramUpdateConfiguration {

  @Bean
  LinkTokens linkTokens(SecretBox secrets) {
    return new LinkTokens(secrets.derive("fanfare telegram link 1"));
  }

  @Bean
  PreferenceLinks preferenceLinks(SignedPreferenceLinks links) {
    return links::of;
  }

  @Bean
  WebhookSecrets webhookSecrets(SecretBox secrets) {
    return new WebhookSecrets(secrets.derive("fanfare telegram webhook 1"));
  }
}
