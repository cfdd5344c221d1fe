package io.fanfare.analytics.csv;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Answers tables as CSV to whoever accepts {@code text/csv} or asks with {@code ?format=csv}. */
@Configuration(proxyBeanMethods = false)
class CsvConfiguration {

  @Bean
  WebMvcConfigurer csv() {
    return new WebMvcConfigurer() {
      @Override
      public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer
            .favorParameter(true)
            .parameterName("format")
            .mediaType("csv", CsvConverter.CSV)
            .mediaType("json", MediaType.APPLICATION_JSON);
      }

      @Override
      public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new CsvConverter());
      }
    };
  }
}
