/** Where the configuration looks for the templates of notifications, relative to itself. */
export const templatesPath = 'nines.tmpl';

/**
 * What a notification says, in Alertmanager's templates: how many alerts of what, then for each of them its summary, description and
 * links. Annotations are read as they are; those of rules from Nines are whole sentences.
 */
export const notificationTemplates = `{{ define "nines.title" -}}
[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ if gt (len .Alerts) 1 }}{{ .CommonLabels.service }} {{ .CommonLabels.slo }} {{ .CommonLabels.alertname }}{{ else }}{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}{{ end }}
{{- end }}

{{ define "nines.text" -}}
{{ range .Alerts }}{{ .Annotations.summary }}
{{ .Annotations.description }}
{{ with .Annotations.runbook_url }}Runbook: {{ . }}
{{ end }}{{ with .Annotations.dashboard_url }}Dashboard: {{ . }}
{{ end }}{{ with .Annotations.page_url }}Objective: {{ . }}
{{ end }}{{ end }}
{{- end }}
`;
