using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace HaukiOS.Build.Facades;

/// <summary>
/// Makes the facades: for each reference assembly of the SDK one assembly with the same identity that holds no
/// code and forwards every type our own library defines. Through them an ordinary net10.0 library, or one from
/// NuGet, finds <c>System.Private.CoreLib</c> of the metal without knowing of it (ECMA-335, II.6.8 and II.22.14).
/// </summary>
public static class FacadeWriter
{
    // The file's own id is the hash of its content: equal facades are equal files.
    private static readonly Func<IEnumerable<Blob>, BlobContentId> ContentId = blobs =>
        BlobContentId.FromHash(SHA256.HashData(blobs.SelectMany(blob => blob.GetBytes()).ToArray()));

    /// <summary>
    /// Writes a facade for every assembly of a directory. A file that would not change is left alone.
    /// </summary>
    /// <param name="referenceDirectory">The reference assemblies: identities and the names of their types.</param>
    /// <param name="core">The assembly that holds the real types.</param>
    /// <param name="outputDirectory">Where the facades go.</param>
    /// <returns>The number of facades.</returns>
    public static int WriteAll(string referenceDirectory, string core, string outputDirectory)
    {
        Directory.CreateDirectory(outputDirectory);
        Dictionary<string, AssemblyIdentity> homes = HomesOf(core);
        int count = 0;
        foreach (string path in Directory.GetFiles(referenceDirectory, "*.dll").Order(StringComparer.Ordinal))
        {
            using var image = new PEReader(File.OpenRead(path));
            MetadataReader reference = image.GetMetadataReader();
            AssemblyIdentity identity = AssemblyIdentity.Of(reference);
            string target = Path.Combine(outputDirectory, identity.Name + ".dll");
            WriteIfChanged(target, Facade(identity, TypeNames.Offered(reference), homes));
            count++;
        }

        return count;
    }

    private static Dictionary<string, AssemblyIdentity> HomesOf(string core)
    {
        using var image = new PEReader(File.OpenRead(core));
        MetadataReader metadata = image.GetMetadataReader();
        AssemblyIdentity identity = AssemblyIdentity.Of(metadata);
        return TypeNames.Defined(metadata).ToDictionary(type => type, _ => identity);
    }

    /// <summary>The bytes of one facade.</summary>
    /// <param name="identity">Whom it stands for.</param>
    /// <param name="types">The types it may forward, outer ones before the ones nested in them.</param>
    /// <param name="homes">Where each type really is.</param>
    public static byte[] Facade(
        AssemblyIdentity identity, IEnumerable<string> types, IReadOnlyDictionary<string, AssemblyIdentity> homes)
    {
        var metadata = new MetadataBuilder();
        metadata.AddAssembly(
            metadata.GetOrAddString(identity.Name), identity.Version, default,
            metadata.GetOrAddBlob(identity.PublicKey), identity.PublicKey.Length > 0 ? AssemblyFlags.PublicKey : 0,
            AssemblyHashAlgorithm.Sha1);

        var forwarded = new Dictionary<string, ExportedTypeHandle>();
        var homeHandles = new Dictionary<AssemblyIdentity, AssemblyReferenceHandle>();
        foreach (string type in types)
        {
            if (homes.TryGetValue(type, out AssemblyIdentity? home) && !forwarded.ContainsKey(type))
            {
                Forward(metadata, type, home, forwarded, homeHandles);
            }
        }

        string said = $"{identity.Name} {identity.Version} {string.Join(' ', forwarded.Keys)}";
        var versionId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(said)).AsSpan(0, 16));
        metadata.AddModule(
            0, metadata.GetOrAddString(identity.Name + ".dll"), metadata.GetOrAddGuid(versionId), default, default);
        metadata.AddTypeDefinition(
            default, default, metadata.GetOrAddString("<Module>"), default,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));

        var file = new BlobBuilder();
        new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.ExecutableImage | Characteristics.Dll),
            new MetadataRootBuilder(metadata), new BlobBuilder(), deterministicIdProvider: ContentId).Serialize(file);
        return file.ToArray();
    }

    private static void Forward(
        MetadataBuilder metadata, string type, AssemblyIdentity home,
        Dictionary<string, ExportedTypeHandle> forwarded, Dictionary<AssemblyIdentity, AssemblyReferenceHandle> homes)
    {
        int nesting = type.LastIndexOf('+');
        if (nesting >= 0)
        {
            if (forwarded.TryGetValue(type[..nesting], out ExportedTypeHandle outer))
            {
                forwarded.Add(type, metadata.AddExportedType(
                    0, default, metadata.GetOrAddString(type[(nesting + 1)..]), outer, 0));
            }

            return;
        }

        if (!homes.TryGetValue(home, out AssemblyReferenceHandle reference))
        {
            reference = metadata.AddAssemblyReference(
                metadata.GetOrAddString(home.Name), home.Version, default, metadata.GetOrAddBlob(home.PublicKeyToken),
                0, default);
            homes.Add(home, reference);
        }

        const TypeAttributes Forwarder = (TypeAttributes)0x00200000;
        int dot = type.LastIndexOf('.');
        forwarded.Add(type, metadata.AddExportedType(
            Forwarder, metadata.GetOrAddString(dot < 0 ? "" : type[..dot]),
            metadata.GetOrAddString(type[(dot + 1)..]), reference, 0));
    }

    private static void WriteIfChanged(string path, byte[] content)
    {
        // An untouched facade keeps its date, and everything compiled against it stays up to date.
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            File.WriteAllBytes(path, content);
        }
    }
}

/// <summary>Who an assembly is.</summary>
/// <param name="Name">The simple name.</param>
/// <param name="Version">The assembly version.</param>
/// <param name="Key">The public key in hexadecimal; empty if it has none.</param>
public sealed record AssemblyIdentity(string Name, Version Version, string Key)
{
    /// <summary>The full public key; empty if it has none.</summary>
    public byte[] PublicKey => Convert.FromHexString(Key);

    /// <summary>The short form of the key (ECMA-335, II.6.3): the last eight bytes of its SHA-1, reversed.</summary>
    public byte[] PublicKeyToken => Key.Length == 0 ? [] : SHA1.HashData(PublicKey).Reverse().Take(8).ToArray();

    /// <summary>Reads the identity out of an assembly.</summary>
    public static AssemblyIdentity Of(MetadataReader metadata)
    {
        AssemblyDefinition assembly = metadata.GetAssemblyDefinition();
        return new AssemblyIdentity(
            metadata.GetString(assembly.Name), assembly.Version,
            Convert.ToHexString(metadata.GetBlobBytes(assembly.PublicKey)));
    }
}
