package io.fanfare.dispatch.channel.telegram;

import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds Telegram to the channels of the worker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TelegramSettings.class)
class TelegramConfiguration {

  @Bean
  ChannelSender telegramChannelSender(TelegramSettings settings, AllowedTargets targets) {
    return new TelegramChannelSender(settings, targets);
  }
}
