package io.fanfare.localstack.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;

/**
 * The structure every service keeps. A module's {@code ArchitectureTest} runs them over its own
 * classes with {@code ArchTests.in(HouseRules.class)}.
 */
public final class HouseRules {

  private static final String ROOT = "io.fanfare.";
  private static final String DECISIONS =
      ".*(Planner|Policy|Decision|Transitions|Estimate)(\\$.*)?";
  private static final Set<String> APART =
      Set.of("broadcast", "audience", "dispatch", "analytics", "retry", "localstack", "benchmark");

  @ArchTest
  public static final ArchRule decisionsArePure =
      noClasses()
          .that()
          .haveNameMatching(DECISIONS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.springframework..", "org.apache.kafka..", "java.sql.."))
          .allowEmptyShould(true)
          .because(
              "a decision that takes everything as an argument can be tested without a broker");

  @ArchTest
  public static final ArchRule decisionsAreToldTheTime =
      noClasses()
          .that()
          .haveNameMatching(DECISIONS)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .allowEmptyShould(true)
          .because("a test that waits for a decision to change is slow and flaky");

  @ArchTest
  public static final ArchRule controllersDoNotTouchTheDatabase =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Controller")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.springframework.jdbc..", "java.sql.."))
          .allowEmptyShould(true)
          .because("SQL lives in repositories, where it can be read in one place");

  @ArchTest
  public static final ArchRule endpointsAreKnownByTheirSuffix =
      classes()
          .that()
          .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
          .should()
          .haveSimpleNameEndingWith("Controller")
          .allowEmptyShould(true)
          .because("a reader looks for endpoints by name");

  @ArchTest
  public static final ArchRule listenersAreKnownByTheirSuffix =
      methods()
          .that()
          .areAnnotatedWith("org.springframework.kafka.annotation.KafkaListener")
          .should()
          .beDeclaredInClassesThat()
          .haveSimpleNameEndingWith("Listener")
          .allowEmptyShould(true)
          .because("a reader looks for what comes in over Kafka by name");

  @ArchTest
  public static final ArchRule servicesNeverMeet =
      classes()
          .should(keepToTheirOwn())
          .because("what services have to say to each other is in the contract");

  private HouseRules() {}

  private static ArchCondition<JavaClass> keepToTheirOwn() {
    return new ArchCondition<>("depend on no other service") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String own = part(item);
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          String other = part(dependency.getTargetClass());
          if (APART.contains(other) && !other.equals(own)) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** What follows {@code io.fanfare.} in the name of its package; empty for others' classes. */
  private static String part(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return "";
    }
    int end = name.indexOf('.', ROOT.length());
    return end < 0 ? name.substring(ROOT.length()) : name.substring(ROOT.length(), end);
  }
}
