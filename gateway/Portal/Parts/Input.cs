using Microsoft.AspNetCore.Components;
using VolunteerBook.Portal.Forms;

namespace VolunteerBook.Portal.Parts;

/// <summary>What all kinds of inputs have: a name that is the API's JSON path, a label, a hint, and the messages beside it.</summary>
public abstract class Input : ComponentBase
{
    [Parameter, EditorRequired] public Form Form { get; set; } = null!;

    [Parameter, EditorRequired] public string Name { get; set; } = "";

    [Parameter, EditorRequired] public string Label { get; set; } = "";

    [Parameter] public string? Hint { get; set; }

    [Parameter] public bool Optional { get; set; }

    [Parameter(CaptureUnmatchedValues = true)] public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    [CascadingParameter] FilterBar? Bar { get; set; }

    /// <summary>What was chosen, as a person reads it.</summary>
    protected virtual string? Chosen => Form.Text(Name);

    /// <inheritdoc/>
    protected override void OnInitialized() => Bar?.Add(Name, Label, Chosen);

    /// <summary>Messages for this input.</summary>
    protected IReadOnlyList<string> Messages => Form.Errors.TryGetValue(Name, out var messages) ? messages : [];

    /// <summary>The element's id; one that is given tells inputs of the same name apart.</summary>
    protected string Id => Attributes?.GetValueOrDefault("id") as string ?? IdOf(Name);

    /// <summary>Ids of the texts that describe the input, or null.</summary>
    protected string? DescribedBy => (Hint is not null, Messages.Count > 0) switch
    {
        (true, true) => $"{Id}-hint {Id}-error",
        (true, false) => Id + "-hint",
        (false, true) => Id + "-error",
        _ => null,
    };

    /// <summary>For aria-invalid.</summary>
    protected string? Invalid => Messages.Count > 0 ? "true" : null;

    /// <summary>An id for an input of this name.</summary>
    public static string IdOf(string name) => name.Replace('[', '-').Replace("]", "", StringComparison.Ordinal).Replace('.', '-');
}
