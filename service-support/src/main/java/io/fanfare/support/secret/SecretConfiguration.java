package io.fanfare.support.secret;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The secret box, made when a service first needs one: only two of the five hold secrets. */
@Configuration(proxyBeanMethods = false)
public class SecretConfiguration {

  @Bean
  @Lazy
  SecretBox secretBox(@Value("${FANFARE_SECRET_KEYS}") String keys) {
    return new SecretBox(keys);
  }
}
