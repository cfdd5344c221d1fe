package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.support.secret.SecretBox;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes what needs the service's keys. */
@Configuration(proxyBeanMethods = false)
class TelegramUpdateConfiguration {

  @Bean
  LinkTokens linkTokens(SecretBox secrets) {
    return new LinkTokens(secrets.derive("fanfare telegram link 1"));
  }

  /** There is no preference page yet. */
  @Bean
  PreferenceLinks preferenceLinks() {
    return (tenantId, contactId) -> Optional.empty();
  }

  @Bean
  WebhookSecrets webhookSecrets(SecretBox secrets) {
    return new WebhookSecrets(secrets.derive("fanfare telegram webhook 1"));
  }
}
