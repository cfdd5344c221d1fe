package io.fanfare.broadcast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.fanfare.broadcast",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule decisionsArePure =
      noClasses()
          .that()
          .haveNameMatching(".*(Planner|Policy|Decision|Transitions|Estimate)(\\$.*)?")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.springframework..", "org.apache.kafka..", "java.sql.."))
          .because(
              "a decision that takes everything as an argument can be tested without a broker");

  @ArchTest
  static final ArchRule controllersDoNotTouchTheDatabase =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Controller")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.springframework.jdbc..", "java.sql.."))
          .because("SQL lives in repositories, where it can be read in one place");

  @ArchTest
  static final ArchRule servicesNeverMeet =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.fanfare.audience..",
                  "io.fanfare.dispatch..",
                  "io.fanfare.analytics..",
                  "io.fanfare.retry..",
                  "io.fanfare.localstack.."))
          .because("what services have to say to each other is in the contract");

  @ArchTest
  static final ArchRule adaptersAreKnownByTheirSuffix =
      classes()
          .that()
          .areAnnotatedWith(org.springframework.web.bind.annotation.RestController.class)
          .should()
          .haveSimpleNameEndingWith("Controller")
          .because("a reader looks for endpoints by name");
}
