using System.ComponentModel.DataAnnotations;

namespace VolunteerBook.ServiceDefaults;

/// <summary>How many items a page of a list may have: at least one. Refused where it is not kept to, and said in the OpenAPI document.</summary>
/// <param name="most">The largest page that the list gives.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PageSizeAttribute(int most = Cursor.MostItems) : RangeAttribute(1, most);
