using System.ComponentModel.DataAnnotations;

namespace VolunteerBook.ServiceDefaults;

/// <summary>How many items a page of a list may have, from one. Another number is refused; the OpenAPI document tells the bounds.</summary>
/// <param name="most">The largest page that the list gives.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PageSizeAttribute(int most = Cursor.MostItems) : RangeAttribute(1, most);
