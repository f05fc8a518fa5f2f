namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Projects by name; asking for one makes it. Its files lie below <c>/{name}/</c>.</summary>
public class ProjectCollection(string defaultLanguage, string defaultExtension) : Dictionary<string, ProjectState>
{
    public new ProjectState this[string projectName] => TryGetValue(projectName, out var project) ? project : this[projectName, defaultLanguage];

    public ProjectState this[string projectName, string language]
    {
        get
        {
            if (!TryGetValue(projectName, out var project))
            {
                project = new ProjectState(projectName, language, $"/{projectName}/Test", ExtensionOf(language));
                Add(projectName, project);
            }

            return project.Language == language
                ? project
                : throw new InvalidOperationException($"Project '{projectName}' is {project.Language}, not {language}.");
        }
    }

    private string ExtensionOf(string language)
        => language == defaultLanguage ? defaultExtension
            : language == LanguageNames.CSharp ? "cs"
            : language == LanguageNames.VisualBasic ? "vb"
            : throw new ArgumentOutOfRangeException(nameof(language), language, "Only C# and Visual Basic projects can be tested.");
}
