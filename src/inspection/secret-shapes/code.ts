// Tokens of code hosts, package registries and builds; keys.
import { prefixed, type Shape } from "./shape.ts";

export const CODE_SHAPES: readonly Shape[] = [
  // Code and packages
  prefixed("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", "\\w{36,255}"),
  prefixed("GitHub, fine-grained", "github_pat_", "\\w{40,255}"),
  prefixed(
    "GitLab",
    "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt-",
    "[\\w-]{20,300}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{9})?",
  ),
  prefixed("GitLab, runner registration", "GR1348941", "[\\w-]{20}"),
  prefixed("Bitbucket", "ATBB", "[A-Za-z0-9_=]{24,48}"),
  prefixed("Atlassian", "ATATT3 ATCTT3", "[\\w=+/-]{60,400}"),
  prefixed("npm", "npm_", "\\w{36}"),
  prefixed("PyPI", "pypi-AgE", "[\\w-]{50,1000}"),
  prefixed("RubyGems", "rubygems_", "[0-9a-f]{48}"),
  prefixed("crates.io", "cio", "[A-Za-z0-9]{32}"),
  prefixed("NuGet", "oy2", "[a-z0-9]{43}"),
  prefixed("Clojars", "CLOJARS_", "[a-z0-9]{60}"),
  prefixed("Artifactory", "AKCp cmVmdGtu", "[A-Za-z0-9]{54,73}"),
  prefixed("Docker", "dckr_pat_ dckr_oat_", "[\\w-]{27,40}"),
  prefixed("Sourcegraph", "sgp_", "(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
  prefixed("SonarQube", "sqp_ squ_ sqa_", "[0-9a-f]{40}"),
  prefixed("Buildkite", "bkua_ bkaj_ bkat_", "[0-9a-z]{40}"),
  prefixed("CircleCI", "CCIPAT_ CCIPRJ_", "[\\w]{40,100}"),
  prefixed("Snyk", "snyk_uat.", "[\\w.-]{40,200}"),
  prefixed("Postman", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
  prefixed("ReadMe", "rdme_", "[a-z0-9]{70}"),
  // Keys
  prefixed("age", "AGE-SECRET-KEY-1", "[0-9A-Z]{58}"),
  {
    kind: "JSON Web Token",
    marks: ["eyJ"],
    pattern: /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{6,8000}\.[\w-]{16,2000}/dg,
  },
  {
    kind: "key file in base64",
    marks: ["LS0tLS1CRUdJTi"],
    pattern: /LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,16000}={0,2}/dg,
  },
];
