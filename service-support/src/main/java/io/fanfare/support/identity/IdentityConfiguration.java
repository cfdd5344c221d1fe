package io.fanfare.support.identity;

import io.fanfare.support.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Identity for every controller under {@code /api} and {@code /internal}. */
@Configuration(proxyBeanMethods = false)
public class IdentityConfiguration {

  @Bean
  IdentityTokens identityTokens(@Value("${FANFARE_IDENTITY_KEY}") String key, Clock clock) {
    return new IdentityTokens(Base64.getDecoder().decode(key), clock);
  }

  /** Behind the front door. The front door itself proves identities by API keys. */
  @Bean
  @ConditionalOnProperty(
      name = "fanfare.identity.source",
      havingValue = "signed",
      matchIfMissing = true)
  IdentityFilter identityFilter(IdentityTokens tokens) {
    return new IdentityFilter(tokens);
  }

  @Bean
  WebMvcConfigurer identityWebConfigurer() {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new RoleInterceptor()).addPathPatterns("/api/**", "/internal/**");
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new IdentityResolver());
      }
    };
  }

  private static final class IdentityResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Identity.class;
    }

    @Override
    public Object resolveArgument(
        MethodParameter parameter,
        @Nullable ModelAndViewContainer container,
        NativeWebRequest request,
        @Nullable WebDataBinderFactory binder) {
      HttpServletRequest servletRequest = request.getNativeRequest(HttpServletRequest.class);
      if (servletRequest == null) {
        throw ProblemException.unauthenticated();
      }
      return Identity.of(servletRequest).orElseThrow(ProblemException::unauthenticated);
    }
  }
}
