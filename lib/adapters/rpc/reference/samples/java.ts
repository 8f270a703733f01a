import type { SampleLanguage } from './language';
import { indent, nameOf, restExampleOf } from './request';

const SET_UP = `import com.scalekit.ScalekitClient;
import com.scalekit.api.util.ListDirectoryResourceOptions;
import com.scalekit.grpc.scalekit.v1.organizations.CreateOrganization;
import com.scalekit.grpc.scalekit.v1.organizations.OrganizationSettingsFeature;
import com.scalekit.grpc.scalekit.v1.organizations.UpdateOrganization;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.RestClient;

@SpringBootApplication
public class App {
  public static void main(String[] args) {
    SpringApplication.run(App.class, args);
  }

  @Bean
  ScalekitClient scalekit() {
    return new ScalekitClient(
        "ENVIRONMENT_ORIGIN",
        System.getenv("SCALEKIT_CLIENT_ID"), // API_CLIENT_ID
        System.getenv("SCALEKIT_CLIENT_SECRET"));
  }
}`;

const WEBHOOK = `@RestController
class Webhooks {
  private final ScalekitClient scalekit;

  Webhooks(ScalekitClient scalekit) {
    this.scalekit = scalekit;
  }

  @PostMapping("/webhooks")
  ResponseEntity<Map<String, String>> receive(
      @RequestHeader Map<String, String> headers, @RequestBody byte[] body) {
    try {
      scalekit.webhook().verifyWebhookPayload(System.getenv("WEBHOOK_SECRET"), headers, body);
    } catch (Exception refused) {
      return ResponseEntity.badRequest().body(Map.of("error", "The signature does not match."));
    }
    // The body is the event, as JSON: keep it, then answer.
    return ResponseEntity.ok(Map.of("received", headers.get("webhook-id")));
  }
}`;

/** The SDK's call, and what of its answer the route returns. */
type Call = readonly [call: string, answer: string];

const ORGANIZATION = 'Map.of("id", organization.getId(), "name", organization.getDisplayName())';

const CALLS: Readonly<Record<string, Call | undefined>> = {
  CreateOrganization: [
    `var organization = scalekit.organizations().create(
    CreateOrganization.newBuilder().setDisplayName("Acme").setExternalId("acme-42").build());`,
    ORGANIZATION,
  ],
  GetOrganization: ['var organization = scalekit.organizations().getById("ORGANIZATION_ID");', ORGANIZATION],
  GetOrganizationByExternalId: [
    'var organization = scalekit.organizations().getByExternalId("acme-42");',
    ORGANIZATION,
  ],
  UpdateOrganization: [
    `var organization = scalekit.organizations().updateById(
    "ORGANIZATION_ID", UpdateOrganization.newBuilder().setDisplayName("Acme Inc").build());`,
    ORGANIZATION,
  ],
  DeleteOrganization: ['scalekit.organizations().deleteById("ORGANIZATION_ID");', 'Map.of("done", true)'],
  ListOrganization: [
    'var page = scalekit.organizations().listOrganizations(20, "");',
    'page.getOrganizationsList().stream().map(one -> one.getDisplayName()).toList()',
  ],
  GeneratePortalLink: [
    'var link = scalekit.organizations().generatePortalLink("ORGANIZATION_ID");',
    'Map.of("location", link.getLocation())',
  ],
  UpdateOrganizationSettings: [
    `var organization = scalekit.organizations().updateOrganizationSettings(
    "ORGANIZATION_ID",
    List.of(OrganizationSettingsFeature.newBuilder().setName("dir_sync").setEnabled(true).build()));`,
    ORGANIZATION,
  ],
  ListDirectories: [
    'var page = scalekit.directories().listDirectories("ORGANIZATION_ID");',
    'page.getDirectoriesList().stream().map(one -> one.getId()).toList()',
  ],
  GetDirectory: [
    'var directory = scalekit.directories().getDirectory("DIRECTORY_ID", "ORGANIZATION_ID");',
    'Map.of("id", directory.getId(), "enabled", directory.getEnabled())',
  ],
  ListDirectoryUsers: [
    `var options = ListDirectoryResourceOptions.builder().pageSize(30).pageToken("").build();
var page = scalekit.directories().listDirectoryUsers("DIRECTORY_ID", "ORGANIZATION_ID", options);`,
    'page.getUsersList().stream().map(one -> Map.of("id", one.getId(), "email", one.getEmail())).toList()',
  ],
  ListDirectoryGroups: [
    `var options = ListDirectoryResourceOptions.builder().pageSize(30).pageToken("").build();
var page = scalekit.directories().listDirectoryGroups("DIRECTORY_ID", "ORGANIZATION_ID", options);`,
    'Map.of("total", page.getTotalSize())',
  ],
  EnableDirectory: [
    'var answer = scalekit.directories().enableDirectory("DIRECTORY_ID", "ORGANIZATION_ID");',
    'Map.of("enabled", answer.getEnabled())',
  ],
  DisableDirectory: [
    'var answer = scalekit.directories().disableDirectory("DIRECTORY_ID", "ORGANIZATION_ID");',
    'Map.of("enabled", answer.getEnabled())',
  ],
};

/** Samples for Spring Boot, with the official SDK where a call of it is known to us, else over REST. */
export const JAVA: SampleLanguage = {
  label: 'Java',
  framework: 'Spring Boot',
  install: 'Maven: com.scalekit:scalekit-sdk-java and org.springframework.boot:spring-boot-starter-web (3.2 or later)',
  file: 'App.java',
  setUp: SET_UP,
  callOf: (method) => {
    const className = `${method.id.split('_').slice(1).join('')}Controller`;
    const own = method.id.endsWith('_2') ? undefined : CALLS[nameOf(method.id)];
    const { path, body } = restExampleOf(method);
    const lines = own
      ? [own[0], `return ${own[1]};`]
      : [
          `return RestClient.create()`,
          `    .method(HttpMethod.${method.verb})`,
          `    .uri("ENVIRONMENT_ORIGIN${path}")`,
          `    .header("Authorization", "Bearer " + scalekit.authentication().getClientAccessToken())`,
          ...(body
            ? [
                `    .contentType(MediaType.APPLICATION_JSON)`,
                `    .body("""\n        ${indent(JSON.stringify(body, null, 2), '        ')}\n        """)`,
              ]
            : []),
          `    .retrieve()`,
          `    .toEntity(String.class);`,
        ];
    return `@RestController
class ${className} {
  private final ScalekitClient scalekit;

  ${className}(ScalekitClient scalekit) {
    this.scalekit = scalekit;
  }

  @${annotationOf(method.verb)}("/${method.slug}")
  Object call() {
    ${indent(lines.join('\n'), '    ')}
  }
}`;
  },
  webhook: WEBHOOK,
};

/** `PostMapping` for `POST`. */
function annotationOf(verb: string): string {
  return `${verb.charAt(0)}${verb.slice(1).toLowerCase()}Mapping`;
}
