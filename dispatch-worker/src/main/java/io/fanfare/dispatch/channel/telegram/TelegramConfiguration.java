package io.fanfare.dispatch.channel.telegram;

import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.media.MediaFiles;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.link.ContentTracker;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds Telegram to the channels of the worker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TelegramSettings.class)
class TelegramConfiguration {

  @Bean
  ChannelSender telegramChannelSender(
      TelegramSettings settings,
      AllowedTargets targets,
      Clock clock,
      ContentTracker tracker,
      MediaFiles files) {
    return new TelegramChannelSender(settings, targets, clock, tracker, files);
  }

  @Bean(destroyMethod = "close")
  TelegramApi telegramApi(TelegramSettings settings, AllowedTargets targets) {
    return new TelegramApi(settings, targets);
  }
}
