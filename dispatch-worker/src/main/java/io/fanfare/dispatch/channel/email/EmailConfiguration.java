package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.media.MediaFiles;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.link.ContentTracker;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import java.time.Clock;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds e-mail to the channels of the worker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SmtpSettings.class)
class EmailConfiguration {

  @Bean
  ChannelSender emailChannelSender(
      SmtpSettings settings,
      AllowedTargets targets,
      Clock clock,
      ContentTracker tracker,
      BounceTokens bounceTokens,
      MediaFiles files) {
    return new EmailChannelSender(
        settings,
        targets,
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        clock,
        tracker,
        bounceTokens,
        files);
  }
}
