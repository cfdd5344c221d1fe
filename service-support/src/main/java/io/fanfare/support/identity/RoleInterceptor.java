package io.fanfare.support.identity;

import io.fanfare.support.problem.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets nobody without an identity, or without the needed role, into a controller. */
final class RoleInterceptor implements HandlerInterceptor {

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    // The second pass of a streamed answer has been let in already.
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || !(handler instanceof HandlerMethod method)) {
      return true;
    }
    Identity identity = Identity.of(request).orElseThrow(ProblemException::unauthenticated);
    Role needed = neededRole(request, method);
    if (!identity.role().includes(needed)) {
      throw ProblemException.forbidden("this needs the role " + needed.id());
    }
    return true;
  }

  private static Role neededRole(HttpServletRequest request, HandlerMethod method) {
    RequireRole required = method.getMethodAnnotation(RequireRole.class);
    if (required == null) {
      required = method.getBeanType().getAnnotation(RequireRole.class);
    }
    if (required != null) {
      return required.value();
    }
    return reads(request.getMethod()) ? Role.VIEWER : Role.EDITOR;
  }

  private static boolean reads(@Nullable String method) {
    return "GET".equals(method) || "HEAD".equals(method);
  }
}
