using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>
/// A method with its target. The compiler writes the four fields and calls the Initialize methods by name.
/// Calling a delegate is <c>call [delegate + function]</c> with the first parameter as <c>this</c>:
/// <list type="bullet">
/// <item>a method of an object: the first parameter is the object, the function its method;</item>
/// <item>everything else: the first parameter is the delegate itself, the function a thunk that the compiler made
/// for the delegate type, which finds the real function and its data in the other two fields.</item>
/// </list>
/// </summary>
public abstract unsafe class Delegate : ICloneable
{
    // Names and order are the compiler's.
    private object? _firstParameter;
    private object? _helperObject;
    private nint _extraFunctionPointerOrData;
    private nint _functionPointer;

    // Which thunk GetThunk is asked for; the compiler overrides GetThunk in every delegate type.
    private protected const int MulticastThunk = 0;
    private protected const int ClosedStaticThunk = 1;
    private protected const int OpenStaticThunk = 2;
    private protected const int ClosedInstanceThunkOverGenericMethod = 3;
    private protected const int OpenInstanceThunk = 4;
    private protected const int ObjectArrayThunk = 5;

    /// <summary>Bit of a function pointer that really points to {code, generic context}.</summary>
    private const nint FatPointerBit = 2;

    /// <summary>An element of the invocation list. A struct, so that storing one needs no type check.</summary>
    private struct Wrapper
    {
        public Delegate Value;

        internal Wrapper(Delegate value) => Value = value;
    }

    /// <summary>The object that the method is called on; null for a static method.</summary>
    public object? Target
    {
        get
        {
            if (IsMulticast)
            {
                var list = (Wrapper[])_helperObject!;
                return list[InvocationCount - 1].Value.Target;
            }
            return ReferenceEquals(_firstParameter, this) ? _helperObject : _firstParameter;
        }
    }

    /// <summary>Does calling it call just one method?</summary>
    public bool HasSingleTarget => !IsMulticast;

    private bool IsMulticast => _helperObject is Wrapper[] && ReferenceEquals(_firstParameter, this);

    private int InvocationCount => IsMulticast ? (int)_extraFunctionPointerOrData : 1;

    /// <summary>A delegate that calls first the one, then the other.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(a))]
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(b))]
    public static Delegate? Combine(Delegate? a, Delegate? b)
    {
        if (a is null)
            return b;
        if (b is null)
            return a;
        if (a.TypePointer != b.TypePointer)
            throw new ArgumentException("Delegates must be of the same type.");
        int countOfA = a.InvocationCount;
        int countOfB = b.InvocationCount;
        var list = new Wrapper[countOfA + countOfB];
        a.CopyInvocations(list, 0);
        b.CopyInvocations(list, countOfA);
        return a.NewMulticast(list, list.Length);
    }

    /// <summary>A delegate that calls all of them in turn.</summary>
    public static Delegate? Combine(params Delegate?[]? delegates)
    {
        Delegate? combined = null;
        if (delegates != null)
        {
            foreach (Delegate? one in delegates)
                combined = Combine(combined, one);
        }
        return combined;
    }

    /// <summary>A delegate that calls all of them in turn.</summary>
    public static Delegate? Combine(params ReadOnlySpan<Delegate?> delegates)
    {
        Delegate? combined = null;
        foreach (Delegate? one in delegates)
            combined = Combine(combined, one);
        return combined;
    }

    /// <summary>The source without the last place where it calls what <paramref name="value"/> calls.</summary>
    public static Delegate? Remove(Delegate? source, Delegate? value)
    {
        if (source is null || value is null)
            return source;
        if (source.TypePointer != value.TypePointer)
            throw new ArgumentException("Delegates must be of the same type.");
        var all = new Wrapper[source.InvocationCount];
        source.CopyInvocations(all, 0);
        var removed = new Wrapper[value.InvocationCount];
        value.CopyInvocations(removed, 0);
        for (int start = all.Length - removed.Length; start >= 0; start--)
        {
            if (!MatchesAt(all, start, removed))
                continue;
            var rest = new Wrapper[all.Length - removed.Length];
            if (rest.Length == 0)
                return null;
            Array.Copy(all, rest, start);
            Array.Copy(all, start + removed.Length, rest, start, rest.Length - start);
            return rest.Length == 1 ? rest[0].Value : source.NewMulticast(rest, rest.Length);
        }
        return source;
    }

    /// <summary>The source without every place where it calls what <paramref name="value"/> calls.</summary>
    public static Delegate? RemoveAll(Delegate? source, Delegate? value)
    {
        while (true)
        {
            Delegate? less = Remove(source, value);
            if (ReferenceEquals(less, source))
                return less;
            source = less;
        }
    }

    /// <summary>The delegates that this one calls, in order.</summary>
    public virtual Delegate[] GetInvocationList()
    {
        var list = new Wrapper[InvocationCount];
        CopyInvocations(list, 0);
        var delegates = new Delegate[list.Length];
        for (int i = 0; i < list.Length; i++)
            delegates[i] = list[i].Value;
        return delegates;
    }

    /// <summary>A second delegate that does the same.</summary>
    public object Clone() => MemberwiseCloneFixed();

    /// <inheritdoc/>
    public override bool Equals(object? obj)
    {
        if (ReferenceEquals(this, obj))
            return true;
        if (obj is not Delegate other || other.TypePointer != TypePointer)
            return false;
        if (!IsMulticast && !other.IsMulticast)
            return SameInvocation(this, other);
        int count = InvocationCount;
        if (count != other.InvocationCount)
            return false;
        var mine = new Wrapper[count];
        CopyInvocations(mine, 0);
        var others = new Wrapper[count];
        other.CopyInvocations(others, 0);
        return MatchesAt(mine, 0, others);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = (int)TypePointer->HashCode;
        if (IsMulticast)
            return hash * 31 + InvocationCount;
        object? target = Target;
        return hash * 31 + (int)_functionPointer + (target == null ? 0 : RuntimeHelpers.GetHashCode(target));
    }

    /// <summary>Do both call the same?</summary>
    public static bool operator ==(Delegate? d1, Delegate? d2) => d1 is null ? d2 is null : d1.Equals(d2);

    /// <summary>Do they call different things?</summary>
    public static bool operator !=(Delegate? d1, Delegate? d2) => !(d1 == d2);

    /// <summary>Address of a thunk of this delegate type; the compiler overrides it.</summary>
    private protected virtual nint GetThunk(int whichThunk) => 0;

    private void InitializeClosedInstance(object? firstParameter, nint functionPointer)
    {
        if (firstParameter is null)
            throw new ArgumentException("Delegate to an instance method cannot have null 'this'.");
        _functionPointer = functionPointer;
        _firstParameter = firstParameter;
    }

    // The function may need a generic context: then the thunk passes it.
    private void InitializeClosedInstanceSlow(object? firstParameter, nint functionPointer)
    {
        if (firstParameter is null)
            throw new ArgumentException("Delegate to an instance method cannot have null 'this'.");
        if ((functionPointer & FatPointerBit) == 0)
        {
            _functionPointer = functionPointer;
            _firstParameter = firstParameter;
            return;
        }
        _firstParameter = this;
        _functionPointer = GetThunk(ClosedInstanceThunkOverGenericMethod);
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
    }

    private void InitializeClosedInstanceWithGVMResolution(object? firstParameter, RuntimeMethodHandle method)
    {
        if (firstParameter is null)
            throw new NullReferenceException();
        InitializeClosedInstanceSlow(
            firstParameter,
            System.Runtime.TypeLoaderExports.GVMLookupForSlot(firstParameter, method));
    }

    private void InitializeClosedInstanceToInterface(object? firstParameter, nint dispatchCell)
    {
        if (firstParameter is null)
            throw new NullReferenceException();
        _functionPointer = InterfaceDispatch.ResolveMethod(firstParameter, (nint*)dispatchCell);
        _firstParameter = firstParameter;
    }

    // Made by library code over targets that are known to exist.
    private void InitializeClosedInstanceWithoutNullCheck(object? firstParameter, nint functionPointer)
    {
        if ((functionPointer & FatPointerBit) != 0)
        {
            InitializeClosedInstanceSlow(firstParameter, functionPointer);
            return;
        }
        _functionPointer = functionPointer;
        _firstParameter = firstParameter;
    }

    private void InitializeClosedStaticThunk(object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
        _functionPointer = functionPointerThunk;
        _firstParameter = this;
    }

    private void InitializeOpenStaticThunk(object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _firstParameter = this;
        _functionPointer = functionPointerThunk;
        _extraFunctionPointerOrData = functionPointer;
    }

    // Delegates that take their target with each call are only ever made by reflection, which the metal lacks.
    private nint GetActualTargetFunctionPointer(object thisObject) =>
        throw new NotSupportedException("A delegate without a target over an instance method.");

    private Delegate NewMulticast(Wrapper[] list, int count)
    {
        var combined = Unsafe.As<Delegate>(ObjectAllocator.New(TypePointer));
        combined._firstParameter = combined;
        combined._functionPointer = GetThunk(MulticastThunk);
        combined._helperObject = list;
        combined._extraFunctionPointerOrData = count;
        return combined;
    }

    private Delegate MemberwiseCloneFixed()
    {
        var copy = Unsafe.As<Delegate>(MemberwiseClone());
        if (ReferenceEquals(_firstParameter, this))
            copy._firstParameter = copy;
        return copy;
    }

    private void CopyInvocations(Wrapper[] into, int at)
    {
        if (!IsMulticast)
        {
            into[at] = new Wrapper(this);
            return;
        }
        Array.Copy((Wrapper[])_helperObject!, 0, into, at, InvocationCount);
    }

    private static bool MatchesAt(Wrapper[] list, int start, Wrapper[] part)
    {
        for (int i = 0; i < part.Length; i++)
        {
            if (!SameInvocation(list[start + i].Value, part[i].Value))
                return false;
        }
        return true;
    }

    private static bool SameInvocation(Delegate a, Delegate b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a._functionPointer != b._functionPointer
            || a._extraFunctionPointerOrData != b._extraFunctionPointerOrData
            || !ReferenceEquals(a._helperObject, b._helperObject))
            return false;
        bool aIsThunk = ReferenceEquals(a._firstParameter, a);
        bool bIsThunk = ReferenceEquals(b._firstParameter, b);
        return aIsThunk ? bIsThunk : ReferenceEquals(a._firstParameter, b._firstParameter);
    }
}

/// <summary>Base of all delegate types.</summary>
public abstract class MulticastDelegate : Delegate
{
    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => base.Equals(obj);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => base.GetHashCode();

    /// <summary>Do both call the same?</summary>
    public static bool operator ==(MulticastDelegate? d1, MulticastDelegate? d2) => (Delegate?)d1 == d2;

    /// <summary>Do they call different things?</summary>
    public static bool operator !=(MulticastDelegate? d1, MulticastDelegate? d2) => (Delegate?)d1 != d2;
}
