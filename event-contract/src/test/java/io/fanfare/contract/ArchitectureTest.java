package io.fanfare.contract;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.fanfare.contract",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule knowsNoFramework =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.springframework..", "org.apache.kafka..", "java.sql.."))
          .because("whoever reads our events needs this module and nothing else");

  @ArchTest
  static final ArchRule dependsOnNoServiceAndOnNothingOfOurs =
      classes()
          .that()
          .resideInAPackage("io.fanfare.contract..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.fanfare.contract..",
                  "java..",
                  "tools.jackson..",
                  "com.fasterxml..",
                  "org.jspecify.."))
          .because("everything depends on the contract");
}
