using Microsoft.AspNetCore.Components;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Store;

namespace VolunteerBook.Portal.Parts;

/// <summary>
/// A page that may be sent. First it acts on what was sent, then it reads the present state: after a refusal the page shows how things are
/// now, together with what was typed. All forms of a site answer to one name (see MainLayout), so that a form which the present state no
/// longer offers still gets an answer in words.
/// </summary>
public abstract class FormPage : LoadedPage
{
    /// <summary>The request; present because every page is rendered on the server.</summary>
    [CascadingParameter] public HttpContext Http { get; set; } = null!;

    [Inject] KeptForms Kept { get; set; } = null!;

    [Inject] NavigationManager Navigation { get; set; } = null!;

    [Inject] protected TimeProvider Clock { get; set; } = null!;

    /// <summary>What was typed.</summary>
    protected Form Form { get; set; } = new();

    /// <summary>The page was left for another one: nothing to read or to show.</summary>
    protected bool Left { get; private set; }

    /// <inheritdoc/>
    protected sealed override async Task Prepare()
    {
        Form = await Form.Of(Http, Kept);
        if (Form.Sent)
        {
            // Not before the layout's form is there: the API may answer so soon that the page would leave without it, and Blazor answer 400.
            await Task.Yield();
            await Act();
        }

        if (Left) return;
        if (!Form.IsValid) Http.Response.StatusCode = Form.Stale ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status422UnprocessableEntity;
        await Load();
    }

    /// <summary>Acts on the form that was sent.</summary>
    protected virtual Task Act() => Task.CompletedTask;

    /// <summary>Reads what the page shows.</summary>
    protected virtual Task Load() => Task.CompletedTask;

    /// <summary>Goes to another page, so that reloading repeats nothing.</summary>
    /// <param name="path">Where, with its query.</param>
    /// <param name="told">What that page says was done, one of the texts <c>done.KEY</c>.</param>
    protected void Go(string path, string? told = null)
    {
        Left = true;
        if (told is not null) Told.Remember(Http, path, told);
        Navigation.NavigateTo(path);
    }
}
