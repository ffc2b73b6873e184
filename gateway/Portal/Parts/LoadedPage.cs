using Microsoft.AspNetCore.Components;

namespace VolunteerBook.Portal.Parts;

/// <summary>
/// A page that shows once all of it has been read. <see cref="ComponentBase"/> renders for the first time at the first await that does not end at
/// once, with whatever has been read by then.
/// </summary>
public abstract class LoadedPage : ComponentBase
{
    /// <inheritdoc/>
    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Prepare();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task Prepare();
}
