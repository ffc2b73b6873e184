using System.Linq.Expressions;
using System.Reflection;
using Marten;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Columns beside a document, for what queries compare, order by and read. Marten's own <c>Duplicate</c> puts an index on each, and every index costs every
/// write; here one is asked for with <c>Index</c> where a query needs it.
/// </summary>
public static class ColumnsOfDocuments
{
    /// <summary>Keeps members of a document in columns too.</summary>
    /// <param name="options">The store's options.</param>
    /// <param name="notNull">Whether none of them is ever null.</param>
    /// <param name="members">The members.</param>
    public static void Columns<T>(this StoreOptions options, bool notNull, params Expression<Func<T, object?>>[] members)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Policies.ForAllDocuments(mapping =>
        {
            if (mapping.DocumentType == typeof(T))
            {
                foreach (var member in members)
                {
                    mapping.DuplicateField([MemberOf(member.Body)], notNull: notNull);
                }
            }
        });
    }

    private static MemberInfo MemberOf(Expression body) => body switch
    {
        MemberExpression member => member.Member,
        // A value is boxed.
        UnaryExpression { Operand: MemberExpression member } => member.Member,
        _ => throw new ArgumentException($"{body} is not a member of a document.", nameof(body)),
    };
}
