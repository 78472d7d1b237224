using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using HaukiOS.Build.Facades;

namespace HaukiOS.Build.Names;

/// <summary>Names as a programmer knows them, out of metadata.</summary>
internal static class MetadataNames
{
    /// <summary>Describes one type.</summary>
    internal static ManagedType Describe(
        MetadataReader metadata, TypeDefinitionHandle handle, IReadOnlyDictionary<string, string> methods)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        List<string> parameters = type.GetGenericParameters()
            .Select(parameter => metadata.GetString(metadata.GetGenericParameter(parameter).Name)).ToList();
        return new ManagedType(
            Written(metadata, handle), TypeNames.Of(metadata, handle), parameters, methods, Enum(metadata, type));
    }

    /// <summary>
    /// A name as it stands in the source. The C# compiler's own names carry it in angle brackets: <c>&lt;F&gt;b__0</c>
    /// is a lambda in F, <c>&lt;F&gt;g__G|0</c> the local function G of F, <c>&lt;F&gt;d__0</c> the state of the
    /// iterator F; <c>&lt;&gt;c</c> and its kind hold captured variables and have no name in the source at all.
    /// </summary>
    internal static string Plain(string name)
    {
        int close = name.StartsWith('<') ? name.IndexOf('>', StringComparison.Ordinal) : -1;
        if (close > 0 && close + 1 < name.Length)
        {
            string source = name[1..close];
            return name[close + 1] switch
            {
                'b' => source + ".lambda",
                'g' when name.IndexOf('|', StringComparison.Ordinal) is var end and > 0 =>
                    source + "." + name[(close + 4)..end],
                _ => source,
            };
        }

        int arity = name.IndexOf('`', StringComparison.Ordinal);
        string whole = arity < 0 ? name : name[..arity];

        // An explicit implementation carries its interface's full name; a constructor is called `.ctor`.
        return whole[(whole.LastIndexOf('.') + 1)..];
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

    private static EnumNames? Enum(MetadataReader metadata, TypeDefinition type)
    {
        bool isEnum = !type.BaseType.IsNil && BaseName(metadata, type.BaseType) == "System.Enum";
        if (!isEnum)
        {
            return null;
        }

        IEnumerable<(ulong, string)> values =
            from handle in type.GetFields()
            let field = metadata.GetFieldDefinition(handle)
            where field.Attributes.HasFlag(FieldAttributes.Literal)
            select (Value(metadata, field), metadata.GetString(field.Name));
        bool isFlags = type.GetCustomAttributes().Any(handle => IsFlagsAttribute(metadata, handle));
        return new EnumNames(isFlags, values.OrderBy(value => value.Item1).ToList());
    }

    private static ulong Value(MetadataReader metadata, FieldDefinition field)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        metadata.GetBlobBytes(metadata.GetConstant(field.GetDefaultValue()).Value).CopyTo(wide);
        return BinaryPrimitives.ReadUInt64LittleEndian(wide);
    }

    private static string BaseName(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return TypeNames.Of(metadata, (TypeDefinitionHandle)handle);
            case HandleKind.TypeReference:
                TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return metadata.GetString(reference.Namespace) + "." + metadata.GetString(reference.Name);
            default:
                return "";
        }
    }

    private static bool IsFlagsAttribute(MetadataReader metadata, CustomAttributeHandle handle)
    {
        EntityHandle constructor = metadata.GetCustomAttribute(handle).Constructor;
        EntityHandle type = constructor.Kind == HandleKind.MethodDefinition
            ? metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType()
            : metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent;
        return BaseName(metadata, type) == "System.FlagsAttribute";
    }
}
