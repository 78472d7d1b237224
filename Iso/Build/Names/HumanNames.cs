using System;
using System.Text;

namespace HaukiOS.Build.Names;

/// <summary>
/// Turns the compiler's symbols back into what the programmer wrote: <c>HaukiOS_Kernel_HaukiOS_Store_Log__Put_0</c>
/// becomes <c>HaukiOS.Store.Log.Put</c>.
/// </summary>
public sealed class HumanNames(ManagedTypes types)
{
    /// <summary>Explains nothing: every symbol keeps its name.</summary>
    public static readonly HumanNames None = new(ManagedTypes.None);

    /// <summary>Does the metadata explain the symbol?</summary>
    public bool Explains(string symbol) => Find(symbol) is not null;

    /// <summary>The human name of a symbol; the symbol itself if nothing explains it.</summary>
    public string Of(string symbol)
    {
        const string Unboxing = "unbox_";
        return symbol.StartsWith(Unboxing, StringComparison.Ordinal)
            ? (Find(symbol[Unboxing.Length..]) is { } name ? name + " (unboxing)" : symbol)
            : Find(symbol) ?? symbol;
    }

    private string? Find(string symbol)
    {
        (string flat, string arguments) = SplitArguments(symbol);
        string? guess = null;
        for (int at = Separator(flat, 1); at > 0 && at + 2 < flat.Length; at = Separator(flat, at + 1))
        {
            if (types.Find(flat[..at]) is { } type)
            {
                string method = flat[(at + 2)..];
                if (type.Methods.TryGetValue(method, out string? written))
                {
                    return Write(type.Written, arguments, written);
                }

                guess ??= Write(type.Written, arguments, method);
            }
        }

        return guess;
    }

    private static int Separator(string text, int from) => text.IndexOf("__", from, StringComparison.Ordinal);

    private static string Write(string type, string arguments, string method) =>
        arguments.Length == 0 ? $"{type}.{method}" : $"{type}.{method}<{arguments}>";

    /// <summary>Takes the generic arguments out of a symbol: what remains are plain names.</summary>
    private (string Flat, string Arguments) SplitArguments(string symbol)
    {
        var flat = new StringBuilder();
        var arguments = new StringBuilder();
        int start = 0;
        int depth = 0;
        for (int i = 0; i < symbol.Length; i++)
        {
            if (symbol[i] == '<' && depth++ == 0)
            {
                flat.Append(symbol, start, i - start);
                start = i + 1;
            }
            else if (symbol[i] == '>' && --depth == 0)
            {
                string list = symbol[start..i];
                arguments.Append(arguments.Length > 0 ? ", " : "");
                string names = MangledType.ReadList(types, list) ?? list;
                arguments.Append(names.Replace(",", ", ", StringComparison.Ordinal));
                start = i + 1;
            }
        }

        flat.Append(symbol, start, symbol.Length - start);
        return (flat.ToString(), arguments.ToString());
    }
}
