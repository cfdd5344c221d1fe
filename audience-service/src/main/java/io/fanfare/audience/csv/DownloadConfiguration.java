package io.fanfare.audience.csv;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Lets controllers answer with a {@link Download}. */
@Configuration(proxyBeanMethods = false)
class DownloadConfiguration {

  @Bean
  WebMvcConfigurer downloads() {
    return new WebMvcConfigurer() {
      @Override
      public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new Converter());
      }
    };
  }

  private static final class Converter extends AbstractHttpMessageConverter<Download> {

    Converter() {
      super(MediaType.parseMediaType("text/csv"), MediaType.parseMediaType("application/x-ndjson"));
    }

    @Override
    protected boolean supports(Class<?> type) {
      return Download.class.isAssignableFrom(type);
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
      return false;
    }

    @Override
    protected Download readInternal(Class<? extends Download> type, HttpInputMessage message) {
      throw new UnsupportedOperationException("downloads are answers");
    }

    @Override
    protected void writeInternal(Download file, HttpOutputMessage message) throws IOException {
      file.writeTo(message.getBody());
    }
  }
}
