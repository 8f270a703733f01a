import type { SampleLanguage } from './language';
import { indent, nameOf, restExampleOf } from './request';

const SET_UP = `package main

import (
	"net/http"
	"os"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/scalekit-inc/scalekit-sdk-go/v2"
)

var client = scalekit.NewScalekitClient(
	"ENVIRONMENT_ORIGIN",
	os.Getenv("SCALEKIT_CLIENT_ID"), // API_CLIENT_ID
	os.Getenv("SCALEKIT_CLIENT_SECRET"),
)

// callRest calls the REST API where the SDK has no method of its own.
func callRest(c *gin.Context, method, address, body string) {
	token, err := client.GetClientAccessToken(c.Request.Context())
	if err != nil {
		c.JSON(http.StatusBadGateway, gin.H{"error": err.Error()})
		return
	}
	request, err := http.NewRequestWithContext(c.Request.Context(), method, address, strings.NewReader(body))
	if err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": err.Error()})
		return
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		c.JSON(http.StatusBadGateway, gin.H{"error": err.Error()})
		return
	}
	defer answer.Body.Close()
	c.DataFromReader(answer.StatusCode, answer.ContentLength, "application/json", answer.Body, nil)
}

func main() {
	router := gin.Default()
	addRoutes(router)
	_ = router.Run(":4000")
}`;

const WEBHOOK = `func addRoutes(router *gin.Engine) {
	router.POST("/webhooks", func(c *gin.Context) {
		body, err := c.GetRawData()
		if err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": "The body could not be read."})
			return
		}
		headers := map[string]string{
			"webhook-id":        c.GetHeader("webhook-id"),
			"webhook-timestamp": c.GetHeader("webhook-timestamp"),
			"webhook-signature": c.GetHeader("webhook-signature"),
		}
		isValid, err := client.VerifyWebhookPayload(os.Getenv("WEBHOOK_SECRET"), headers, body)
		if err != nil || !isValid {
			c.JSON(http.StatusBadRequest, gin.H{"error": "The signature does not match."})
			return
		}
		// The body is the event, as JSON: keep it, then answer.
		c.JSON(http.StatusOK, gin.H{"received": c.GetHeader("webhook-id")})
	})
}`;

const CALLS: Readonly<Record<string, string | undefined>> = {
  CreateOrganization:
    'client.Organization().CreateOrganization(c.Request.Context(), "Acme", scalekit.CreateOrganizationOptions{ExternalId: "acme-42"})',
  GetOrganization: 'client.Organization().GetOrganization(c.Request.Context(), "ORGANIZATION_ID")',
  GetOrganizationByExternalId: 'client.Organization().GetOrganizationByExternalId(c.Request.Context(), "acme-42")',
  ListOrganization:
    'client.Organization().ListOrganization(c.Request.Context(), &scalekit.ListOrganizationOptions{PageSize: 20})',
  GeneratePortalLink: 'client.Organization().GeneratePortalLink(c.Request.Context(), "ORGANIZATION_ID")',
  UpdateOrganizationSettings: `client.Organization().UpdateOrganizationSettings(c.Request.Context(), "ORGANIZATION_ID", scalekit.OrganizationSettings{
	Features: []scalekit.Feature{{Name: "dir_sync", Enabled: true}},
})`,
  ListDirectories: 'client.Directory().ListDirectories(c.Request.Context(), "ORGANIZATION_ID")',
  GetDirectory: 'client.Directory().GetDirectory(c.Request.Context(), "ORGANIZATION_ID", "DIRECTORY_ID")',
  ListDirectoryUsers:
    'client.Directory().ListDirectoryUsers(c.Request.Context(), "ORGANIZATION_ID", "DIRECTORY_ID", &scalekit.ListDirectoryUsersOptions{PageSize: 30})',
  ListDirectoryGroups:
    'client.Directory().ListDirectoryGroups(c.Request.Context(), "ORGANIZATION_ID", "DIRECTORY_ID", &scalekit.ListDirectoryGroupsOptions{PageSize: 30})',
  EnableDirectory: 'client.Directory().EnableDirectory(c.Request.Context(), "ORGANIZATION_ID", "DIRECTORY_ID")',
  DisableDirectory: 'client.Directory().DisableDirectory(c.Request.Context(), "ORGANIZATION_ID", "DIRECTORY_ID")',
};

/** Samples for Gin, with the official SDK where a call of it is known to us, else over REST. */
export const GO: SampleLanguage = {
  label: 'Go',
  framework: 'Gin',
  install: 'go get github.com/gin-gonic/gin github.com/scalekit-inc/scalekit-sdk-go/v2',
  file: 'main.go',
  setUp: SET_UP,
  callOf: (method) => {
    const own = method.id.endsWith('_2') ? undefined : CALLS[nameOf(method.id)];
    const { path, body } = restExampleOf(method);
    const content = body ? `\`${JSON.stringify(body)}\`` : '""';
    const lines = own
      ? [
          `answer, err := ${own}`,
          `if err != nil {`,
          `	c.JSON(http.StatusBadGateway, gin.H{"error": err.Error()})`,
          `	return`,
          `}`,
          `c.JSON(http.StatusOK, answer)`,
        ]
      : [`callRest(c, "${method.verb}", "ENVIRONMENT_ORIGIN${path}", ${content})`];
    return `func addRoutes(router *gin.Engine) {
	router.${method.verb}("/${method.slug}", func(c *gin.Context) {
		${indent(lines.join('\n'), '\t\t')}
	})
}`;
  },
  webhook: WEBHOOK,
};
