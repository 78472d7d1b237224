using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace HaukiOS.Build.Link;

/// <summary>
/// Turns the compiler's symbols back into what the programmer wrote: <c>HaukiOS_Kernel_HaukiOS_Store_Log__Put_0</c>
/// becomes <c>HaukiOS.Store.Log.Put</c>. The symbols alone are ambiguous (every strange character is an underscore),
/// so the names of all types and methods are mangled the same way, from the metadata, and looked up.
/// </summary>
public sealed class HumanNames
{
    /// <summary>Explains nothing: every symbol keeps its name.</summary>
    public static readonly HumanNames None = new();

    // These types go by their plain names in symbols, without assembly and namespace.
    private static readonly HashSet<string> ShortTypes =
    [
        "Void", "Boolean", "Char", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "IntPtr",
        "UIntPtr", "Single", "Double", "String", "Object",
    ];

    private readonly Dictionary<string, TypeName> types = [];

    private HumanNames()
    {
    }

    /// <summary>Reads the names of everything in these assemblies.</summary>
    public static HumanNames From(IEnumerable<string> assemblies)
    {
        var names = new HumanNames();
        foreach (string path in assemblies)
        {
            using var image = new PEReader(File.OpenRead(path));
            names.Add(image.GetMetadataReader());
        }

        return names;
    }

    /// <summary>Does the metadata explain the symbol? 1 if so, 0 if not: good for sorting.</summary>
    public int Explains(string symbol) => Find(symbol) is null ? 0 : 1;

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
        for (int at = flat.IndexOf("__", 1, StringComparison.Ordinal); at > 0 && at + 2 < flat.Length;
             at = flat.IndexOf("__", at + 1, StringComparison.Ordinal))
        {
            if (types.TryGetValue(flat[..at], out TypeName? type))
            {
                string method = flat[(at + 2)..];
                if (type.Methods.TryGetValue(method, out string? written))
                {
                    return Write(type.Name, arguments, written);
                }

                guess ??= Write(type.Name, arguments, method);
            }
        }

        return guess;
    }

    private static string Write(string type, string arguments, string method) =>
        arguments.Length == 0 ? $"{type}.{method}" : $"{type}.{method}<{arguments}>";

    /// <summary>Takes the generic arguments out of a symbol: what remains are plain names.</summary>
    private static (string Flat, string Arguments) SplitArguments(string symbol)
    {
        var flat = new StringBuilder();
        var arguments = new StringBuilder();
        int depth = 0;
        foreach (char c in symbol)
        {
            depth -= c == '>' ? 1 : 0;
            if (depth > 0)
            {
                arguments.Append(c);
            }
            else if (c is not ('<' or '>'))
            {
                flat.Append(c);
            }
            else if (c == '<' && arguments.Length > 0)
            {
                arguments.Append(", ");
            }

            depth += c == '<' ? 1 : 0;
        }

        return (flat.ToString(), arguments.Replace("System___Canon", "__Canon").ToString());
    }

    private void Add(MetadataReader metadata)
    {
        string assembly = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        string prefix = Mangle(assembly).Replace("System_Private_", "S_P_", StringComparison.Ordinal);
        var mangled = new Dictionary<TypeDefinitionHandle, string>();
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            string name = metadata.GetString(type.Name);
            string space = metadata.GetString(type.Namespace);
            string key = type.IsNested ? mangled[type.GetDeclaringType()] + "_" + Mangle(name)
                : prefix == "S_P_CoreLib" && space == "System" && ShortTypes.Contains(name) ? name
                : prefix + "_" + Mangle(space.Length == 0 ? name : space + "." + name);
            mangled[handle] = Unique(key, types.ContainsKey);
            types.Add(mangled[handle], new TypeName(Written(metadata, handle), Methods(metadata, type)));
        }
    }

    private static Dictionary<string, string> Methods(MetadataReader metadata, TypeDefinition type)
    {
        var methods = new Dictionary<string, string>();
        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            string name = metadata.GetString(metadata.GetMethodDefinition(handle).Name);
            methods.Add(Unique(Mangle(name), methods.ContainsKey), Plain(name));
        }

        return methods;
    }

    private static string Unique(string name, Predicate<string> isTaken)
    {
        string candidate = name;
        for (int i = 0; isTaken(candidate); i++)
        {
            candidate = $"{name}_{i}";
        }

        return candidate;
    }

    private static string Mangle(string name)
    {
        var mangled = new StringBuilder();
        foreach (char c in name)
        {
            if (mangled.Length == 0 && char.IsAsciiDigit(c))
            {
                mangled.Append('_');
            }

            mangled.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return mangled.ToString();
    }

    private static string Written(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = Plain(metadata.GetString(type.Name));
        if (type.IsNested)
        {
            string outer = Written(metadata, type.GetDeclaringType());
            return name.Length == 0 ? outer : outer + "." + name;
        }

        string space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : space + "." + name;
    }

    /// <summary>
    /// A name as it stands in the source. The C# compiler's own names carry it in angle brackets: <c>&lt;F&gt;b__0</c>
    /// is a lambda in F, <c>&lt;F&gt;g__G|0</c> the local function G of F, <c>&lt;F&gt;d__0</c> the state of the
    /// iterator F, <c>&lt;&gt;c</c> and its kind hold captured variables and have no name in the source at all.
    /// </summary>
    private static string Plain(string name)
    {
        int close = name.StartsWith('<') ? name.IndexOf('>') : -1;
        if (close > 0 && close + 1 < name.Length)
        {
            string source = name[1..close];
            return name[close + 1] switch
            {
                'b' => source + ".lambda",
                'g' when name.IndexOf('|') is var end and > 0 => source + "." + name[(close + 4)..end],
                _ => source,
            };
        }

        int arity = name.IndexOf('`');
        string whole = arity < 0 ? name : name[..arity];
        int explicitly = whole.StartsWith('.') ? 0 : whole.LastIndexOf('.');
        return explicitly >= 0 ? whole[(explicitly + 1)..] : whole;
    }

    private sealed record TypeName(string Name, Dictionary<string, string> Methods);
}
