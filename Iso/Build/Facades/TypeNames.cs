using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;

namespace HaukiOS.Build.Facades;

/// <summary>Full names of types in metadata, as reflection writes them: <c>Name.Space.Outer+Inner`1</c>.</summary>
public static class TypeNames
{
    /// <summary>Every type an assembly defines that others may see, outer ones before nested ones.</summary>
    public static IEnumerable<string> Defined(MetadataReader metadata) =>
        metadata.TypeDefinitions.Where(handle => IsVisible(metadata, handle)).Select(handle => Of(metadata, handle));

    /// <summary>Every type a program may ask an assembly for: those it defines and those it forwards itself.</summary>
    public static IEnumerable<string> Offered(MetadataReader metadata) =>
        Defined(metadata).Concat(metadata.ExportedTypes.Select(handle => Of(metadata, handle)));

    /// <summary>The full name of a defined type.</summary>
    public static string Of(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        if (type.IsNested)
        {
            return Of(metadata, type.GetDeclaringType()) + "+" + name;
        }

        return Join(metadata.GetString(type.Namespace), name);
    }

    private static string Of(MetadataReader metadata, ExportedTypeHandle handle)
    {
        ExportedType type = metadata.GetExportedType(handle);
        string name = metadata.GetString(type.Name);
        return type.Implementation.Kind == HandleKind.ExportedType
            ? Of(metadata, (ExportedTypeHandle)type.Implementation) + "+" + name
            : Join(metadata.GetString(type.Namespace), name);
    }

    private static string Join(string space, string name) => space.Length == 0 ? name : space + "." + name;

    private static bool IsVisible(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
                IsVisible(metadata, type.GetDeclaringType()),
            _ => false,
        };
    }
}
