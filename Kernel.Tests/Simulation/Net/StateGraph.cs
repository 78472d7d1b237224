using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HaukiOS.Net;
using Org.BouncyCastle.Crypto.Macs;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Something in a state that cannot travel.</summary>
internal sealed class StateException(string message) : Exception(message);

/// <summary>
/// Writes everything that is reachable from an object as bytes, and makes new objects of the bytes, as a move of the
/// node's memory does. Whatever could not lie in memory somewhere else is refused: delegates, pointers, streams,
/// threads, and every type that nobody has said is plain.
/// </summary>
internal static class StateGraph
{
    private const int Null = 0;
    private const int Known = 1;
    private const int New = 2;
    private const int Outside = 3;

    // Plain types that are not ours: fields of numbers and arrays of numbers.
    private static readonly Type[] PlainTypes = [typeof(SipHash), typeof(List<>)];

    /// <summary>Writes the graph of an object.</summary>
    /// <param name="root">Where it starts.</param>
    /// <param name="outsiders">Objects that are not part of it, such as the owners of sockets.</param>
    public static StateImage Save(object root, params object[] outsiders)
    {
        using MemoryStream bytes = new();
        Saver saver = new(new BinaryWriter(bytes), outsiders);
        saver.WriteReference(root, root.GetType().Name);
        saver.Finish();
        return new StateImage(bytes.ToArray(), saver.Objects);
    }

    /// <summary>Makes new objects of the bytes.</summary>
    /// <returns>All of them, in the order of <see cref="StateImage.Objects"/>; the root first.</returns>
    public static List<object> Restore(byte[] bytes, params object[] outsiders)
    {
        Loader loader = new(new BinaryReader(new MemoryStream(bytes)), outsiders);
        return loader.Load();
    }

    /// <summary>Overwrites every array of a graph, so that whoever still uses it is found out.</summary>
    public static void Poison(StateImage image)
    {
        foreach (object one in image.Objects)
        {
            if (one is Array array && array.GetType().GetElementType()!.IsPrimitive)
            {
                MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array))
                    .Fill(0xDD);
            }
            else if (one is Array other)
            {
                Array.Clear(other);
            }
        }
    }

    /// <summary>The objects of other worlds that a state refers to: the owners of its sockets.</summary>
    public static object[] Outsiders(object root)
    {
        List<object> found = [];
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance) { root };
        Queue<object> pending = new();
        pending.Enqueue(root);
        while (pending.TryDequeue(out object? one))
        {
            foreach (object next in References(one))
            {
                if (!seen.Add(next))
                {
                    continue;
                }

                if (next is ISocketOwner && next.GetType().Assembly != typeof(NetworkStack).Assembly)
                {
                    found.Add(next);
                }
                else
                {
                    pending.Enqueue(next);
                }
            }
        }

        return [.. found];
    }

    private static IEnumerable<object> References(object one)
    {
        if (one is Array array)
        {
            return array.GetType().GetElementType()!.IsPrimitive ? [] : array.Cast<object?>().OfType<object>();
        }

        return one is string || one.GetType().IsPrimitive
            ? []
            : Fields(one.GetType()).Where(field => !field.FieldType.IsPrimitive && !field.FieldType.IsPointer)
                .Select(field => field.GetValue(one)).OfType<object>();
    }

    /// <summary>Instance fields of a type and its bases, in an order that depends on their names alone.</summary>
    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        for (Type? at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (FieldInfo field in at.GetFields(Own).OrderBy(field => field.Name, StringComparer.Ordinal))
            {
                yield return field;
            }
        }
    }

    private static void RequirePlain(Type type, string path)
    {
        Type shape = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        bool ours = type.Namespace?.StartsWith("HaukiOS", StringComparison.Ordinal) == true
            && type.Assembly.GetName().Name == "HaukiOS.Kernel";
        bool plain = ours || type.IsArray || type.IsPrimitive || type.IsEnum || type == typeof(string)
            || PlainTypes.Contains(shape);
        if (!plain || typeof(Delegate).IsAssignableFrom(type) || type.IsPointer || type == typeof(IntPtr)
            || type == typeof(UIntPtr) || type.IsByRefLike)
        {
            throw new StateException($"{path} is a {type}, which cannot travel");
        }
    }

    private sealed class Saver(BinaryWriter writer, object[] outsiders)
    {
        private readonly Dictionary<object, int> numbers = new(ReferenceEqualityComparer.Instance);
        private readonly Queue<(object, string)> pending = new();

        public List<object> Objects { get; } = [];

        public void Finish()
        {
            while (pending.TryDequeue(out (object One, string Path) next))
            {
                WriteBody(next.One, next.Path);
            }
        }

        public void WriteReference(object? one, string path)
        {
            int outsider = Array.IndexOf(outsiders, one);
            if (one is null)
            {
                writer.Write7BitEncodedInt(Null);
            }
            else if (outsider >= 0)
            {
                writer.Write7BitEncodedInt(Outside);
                writer.Write7BitEncodedInt(outsider);
            }
            else if (numbers.TryGetValue(one, out int number))
            {
                writer.Write7BitEncodedInt(Known);
                writer.Write7BitEncodedInt(number);
            }
            else
            {
                WriteNew(one, path);
            }
        }

        private void WriteNew(object one, string path)
        {
            Type type = one.GetType();
            RequirePlain(type, path);
            writer.Write7BitEncodedInt(New);
            writer.Write(type.AssemblyQualifiedName!);
            switch (one)
            {
                case string text:
                    writer.Write(text);
                    break;
                case Array array when array.Rank == 1:
                    writer.Write7BitEncodedInt(array.Length);
                    break;
                case Array:
                    throw new StateException($"{path} has more than one dimension");
            }

            numbers.Add(one, Objects.Count);
            Objects.Add(one);
            pending.Enqueue((one, path));
        }

        private void WriteBody(object one, string path)
        {
            if (one is string)
            {
                return;
            }

            if (one is not Array array)
            {
                WriteFields(one, one.GetType(), path);
                return;
            }

            Type element = array.GetType().GetElementType()!;
            if (element.IsPrimitive)
            {
                writer.Write(MemoryMarshal.CreateReadOnlySpan(
                    ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array)));
                return;
            }

            for (int i = 0; i < array.Length; i++)
            {
                WriteValue(array.GetValue(i), element, $"{path}[{i}]");
            }
        }

        private void WriteFields(object one, Type type, string path)
        {
            foreach (FieldInfo field in Fields(type))
            {
                WriteValue(field.GetValue(one), field.FieldType, $"{path}.{field.Name}");
            }
        }

        private void WriteValue(object? value, Type type, string path)
        {
            if (!type.IsValueType)
            {
                WriteReference(value, path);
                return;
            }

            RequirePlain(type, path);
            if (type.IsEnum)
            {
                writer.Write(Convert.ToInt64(value));
            }
            else if (type.IsPrimitive)
            {
                WritePrimitive(value!);
            }
            else
            {
                WriteFields(value!, type, path);
            }
        }

        private void WritePrimitive(object value)
        {
            switch (value)
            {
                case bool b: writer.Write(b); break;
                case byte b: writer.Write(b); break;
                case sbyte b: writer.Write(b); break;
                case short s: writer.Write(s); break;
                case ushort s: writer.Write(s); break;
                case char c: writer.Write((ushort)c); break;
                case int i: writer.Write(i); break;
                case uint i: writer.Write(i); break;
                case long l: writer.Write(l); break;
                case ulong l: writer.Write(l); break;
                case float f: writer.Write(f); break;
                case double d: writer.Write(d); break;
                default: throw new StateException($"a primitive {value.GetType()}");
            }
        }
    }

    private sealed class Loader(BinaryReader reader, object[] outsiders)
    {
        private readonly List<object> objects = [];
        private readonly Queue<object> pending = new();

        public List<object> Load()
        {
            ReadReference();
            while (pending.TryDequeue(out object? next))
            {
                ReadBody(next);
            }

            return reader.BaseStream.Position == reader.BaseStream.Length
                ? objects
                : throw new StateException("bytes are left over");
        }

        private object? ReadReference() => reader.Read7BitEncodedInt() switch
        {
            Null => null,
            Known => objects[reader.Read7BitEncodedInt()],
            Outside => outsiders[reader.Read7BitEncodedInt()],
            _ => ReadNew(),
        };

        private object ReadNew()
        {
            Type type = Type.GetType(reader.ReadString(), throwOnError: true)!;
            object one = type == typeof(string) ? reader.ReadString()
                : type.IsArray ? Array.CreateInstance(type.GetElementType()!, reader.Read7BitEncodedInt())
                : RuntimeHelpers.GetUninitializedObject(type);
            objects.Add(one);
            pending.Enqueue(one);
            return one;
        }

        private void ReadBody(object one)
        {
            if (one is string)
            {
                return;
            }

            if (one is not Array array)
            {
                ReadFields(one, one.GetType());
                return;
            }

            Type element = array.GetType().GetElementType()!;
            if (element.IsPrimitive)
            {
                reader.BaseStream.ReadExactly(MemoryMarshal.CreateSpan(
                    ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array)));
                return;
            }

            for (int i = 0; i < array.Length; i++)
            {
                array.SetValue(ReadValue(element), i);
            }
        }

        private void ReadFields(object one, Type type)
        {
            foreach (FieldInfo field in Fields(type))
            {
                field.SetValue(one, ReadValue(field.FieldType));
            }
        }

        private object? ReadValue(Type type)
        {
            if (!type.IsValueType)
            {
                return ReadReference();
            }

            if (type.IsEnum)
            {
                return Enum.ToObject(type, reader.ReadInt64());
            }

            if (type.IsPrimitive)
            {
                return ReadPrimitive(Type.GetTypeCode(type));
            }

            object boxed = RuntimeHelpers.GetUninitializedObject(type);
            ReadFields(boxed, type);
            return boxed;
        }

        private object ReadPrimitive(TypeCode code) => code switch
        {
            TypeCode.Boolean => reader.ReadBoolean(),
            TypeCode.Byte => reader.ReadByte(),
            TypeCode.SByte => reader.ReadSByte(),
            TypeCode.Int16 => reader.ReadInt16(),
            TypeCode.UInt16 => reader.ReadUInt16(),
            TypeCode.Char => (char)reader.ReadUInt16(),
            TypeCode.Int32 => reader.ReadInt32(),
            TypeCode.UInt32 => reader.ReadUInt32(),
            TypeCode.Int64 => reader.ReadInt64(),
            TypeCode.UInt64 => reader.ReadUInt64(),
            TypeCode.Single => reader.ReadSingle(),
            TypeCode.Double => reader.ReadDouble(),
            _ => throw new StateException($"a primitive {code}"),
        };
    }
}

/// <summary>A state as bytes, and the objects it was made of, in the order in which they come back.</summary>
internal sealed record StateImage(byte[] Bytes, List<object> Objects)
{
    /// <summary>The number of an object of the graph.</summary>
    public int NumberOf(object one) => Objects.FindIndex(other => ReferenceEquals(other, one));
}
