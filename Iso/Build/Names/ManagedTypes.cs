using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace HaukiOS.Build.Names;

/// <summary>
/// Every type of the program under the name that the compiler gives it in symbols. Symbols alone are ambiguous (each
/// strange character becomes an underscore), so all names of the metadata are mangled the same way and looked up.
/// </summary>
public sealed class ManagedTypes
{
    private const string CoreLibraryPrefix = "S_P_CoreLib";

    // These types go by short names, without assembly and namespace.
    private static readonly Dictionary<string, string[]> ShortNames = new()
    {
        ["Void"] = ["Void"],
        ["Boolean"] = ["Bool", "Boolean"],
        ["Char"] = ["Char"],
        ["SByte"] = ["Int8", "SByte"],
        ["Byte"] = ["UInt8", "Byte"],
        ["Int16"] = ["Int16"],
        ["UInt16"] = ["UInt16"],
        ["Int32"] = ["Int32"],
        ["UInt32"] = ["UInt32"],
        ["Int64"] = ["Int64"],
        ["UInt64"] = ["UInt64"],
        ["IntPtr"] = ["IntPtr"],
        ["UIntPtr"] = ["UIntPtr"],
        ["Single"] = ["Float", "Single"],
        ["Double"] = ["Double"],
        ["String"] = ["String"],
        ["Object"] = ["Object"],
    };

    private readonly Dictionary<string, ManagedType> types = new()
    {
        // What shared code is compiled for, in place of any reference type.
        ["System___Canon"] = new ManagedType("__Canon", "System.__Canon", [], new Dictionary<string, string>(), null),
    };

    /// <summary>Knows no type.</summary>
    public static ManagedTypes None { get; } = new();

    /// <summary>Reads the types of these assemblies.</summary>
    public static ManagedTypes From(IEnumerable<string> assemblies)
    {
        var all = new ManagedTypes();
        foreach (string path in assemblies)
        {
            using var image = new PEReader(File.OpenRead(path));
            all.Add(image.GetMetadataReader());
        }

        return all;
    }

    /// <summary>The type with this mangled name (no generic arguments), or null.</summary>
    public ManagedType? Find(string mangled) => types.GetValueOrDefault(mangled);

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
                : prefix + "_" + Mangle(space.Length == 0 ? name : space + "." + name);
            key = Unique(key, types.ContainsKey);
            mangled.Add(handle, key);
            ManagedType described = MetadataNames.Describe(metadata, handle, Methods(metadata, type));
            types.Add(key, described);
            if (prefix == CoreLibraryPrefix && space == "System" && ShortNames.TryGetValue(name, out string[]? others))
            {
                foreach (string other in others)
                {
                    types.TryAdd(other, described);
                }
            }
        }
    }

    private static Dictionary<string, string> Methods(MetadataReader metadata, TypeDefinition type)
    {
        var methods = new Dictionary<string, string>();
        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            string name = metadata.GetString(metadata.GetMethodDefinition(handle).Name);
            methods.Add(Unique(Mangle(name), methods.ContainsKey), MetadataNames.Plain(name));
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
}

/// <summary>A type of the program.</summary>
/// <param name="Written">As in source: <c>System.Collections.Generic.List.Enumerator</c>.</param>
/// <param name="Reflected">As reflection says it: <c>System.Collections.Generic.List`1+Enumerator</c>.</param>
/// <param name="Parameters">The names of its generic parameters, those of outer types first.</param>
/// <param name="Methods">Its methods: mangled name to name in source.</param>
/// <param name="Enum">For an enum, its values.</param>
public sealed record ManagedType(
    string Written, string Reflected, IReadOnlyList<string> Parameters, IReadOnlyDictionary<string, string> Methods,
    EnumNames? Enum);

/// <summary>The names of an enum's values.</summary>
/// <param name="IsFlags">Do the values combine?</param>
/// <param name="Values">Value, without sign extension, and name; by value, and among equals as declared.</param>
public sealed record EnumNames(bool IsFlags, IReadOnlyList<(ulong Value, string Name)> Values);
