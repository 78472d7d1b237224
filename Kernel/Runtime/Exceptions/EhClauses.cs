namespace Internal.Runtime;

/// <summary>What an exception clause does.</summary>
internal enum EhClauseKind
{
    /// <summary>catch (T): the type decides.</summary>
    Typed = 0,

    /// <summary>finally or fault: runs on the way out.</summary>
    Cleanup = 1,

    /// <summary>catch … when: a funclet decides.</summary>
    Filter = 2,

    /// <summary>No clause of this compiler has this kind.</summary>
    Unknown = 3,
}

/// <summary>One protected range of a method and what handles it. All offsets count from the method's start.</summary>
internal unsafe struct EhClause
{
    /// <summary>Place in the table: an inner clause comes before the ones around it.</summary>
    public int Index;
    public EhClauseKind Kind;
    public uint TryStart;
    public uint TryEnd;

    /// <summary>Start of the handler's funclet.</summary>
    public uint Handler;

    /// <summary>Start of the filter's funclet. Only for filters.</summary>
    public uint Filter;

    /// <summary>The type that is caught. Only for typed clauses.</summary>
    public MethodTable* Type;

    /// <summary>
    /// Not a clause but a mark between different try blocks whose code happens to be the same range.
    /// </summary>
    public readonly bool IsSeparator => Kind == EhClauseKind.Unknown || (Kind == EhClauseKind.Cleanup && Handler == 0);

    public readonly bool Covers(uint start, uint end) => TryStart <= start && end <= TryEnd;

    public readonly bool HasFunclet(uint start) =>
        !IsSeparator && (Handler == start || (Kind == EhClauseKind.Filter && Filter == start));
}

/// <summary>
/// Reads the exception clauses of one method. Numbers are packed by their low bits: xxxxxxx0 one byte, xx01 two, x011
/// three, 0111 four, 1111 the four bytes that follow.
/// </summary>
internal unsafe struct EhClauseReader
{
    /// <summary>The compiler's own limit for one method; more mean a damaged table.</summary>
    private const uint ClausesMax = 1 << 16;

    private byte* at;
    private readonly uint count;
    private int next;

    public EhClauseReader(byte* table)
    {
        at = table;
        count = ReadNumber();
        if (count > ClausesMax)
            count = 0;
    }

    public bool TryRead(out EhClause clause)
    {
        clause = default;
        if (next >= count)
            return false;
        clause.Index = next++;
        clause.TryStart = ReadNumber();
        uint lengthAndKind = ReadNumber();
        clause.TryEnd = clause.TryStart + (lengthAndKind >> 2);
        clause.Kind = (EhClauseKind)(lengthAndKind & 3);
        switch (clause.Kind)
        {
            case EhClauseKind.Typed:
                clause.Handler = ReadNumber();
                clause.Type = (MethodTable*)*(uint*)at;
                at += 4;
                break;
            case EhClauseKind.Cleanup:
                clause.Handler = ReadNumber();
                break;
            case EhClauseKind.Filter:
                clause.Handler = ReadNumber();
                clause.Filter = ReadNumber();
                break;
        }

        return true;
    }

    private uint ReadNumber()
    {
        byte* p = at;
        uint low = *p;
        if ((low & 1) == 0)
        {
            at += 1;
            return low >> 1;
        }

        if ((low & 2) == 0)
        {
            at += 2;
            return (low >> 2) | ((uint)p[1] << 6);
        }

        if ((low & 4) == 0)
        {
            at += 3;
            return (low >> 3) | ((uint)p[1] << 5) | ((uint)p[2] << 13);
        }

        if ((low & 8) == 0)
        {
            at += 4;
            return (low >> 4) | ((uint)p[1] << 4) | ((uint)p[2] << 12) | ((uint)p[3] << 20);
        }

        at += 5;
        return *(uint*)(p + 1);
    }
}

/// <summary>
/// The clauses that protect one position in a method, inner to outer. When the position lies in a handler, the search
/// goes on where the handler's own try block stands, and so on outwards.
/// </summary>
internal unsafe struct ProtectingClauses
{
    private readonly FunctionTable functions;
    private readonly FunctionEntry* method;
    private EhClauseReader reader;
    private FunctionEntry* body;
    private uint start;
    private uint end;
    private int lastLeft;

    // After leaving a handler: the other handlers of the same try block do not protect it.
    private bool skippingSiblings;

    public ProtectingClauses(FunctionTable functions, FunctionEntry* method, FunctionEntry* body, uint address)
    {
        this.functions = functions;
        this.method = method;
        this.body = body;
        start = address - method->Begin;
        end = start + 1;
        lastLeft = -1;
        skippingSiblings = false;
        reader = new EhClauseReader(method->Clauses);
    }

    /// <summary>The body (method or funclet) whose code the last clause's try block lies in.</summary>
    public readonly FunctionEntry* Body => body;

    public bool MoveNext(out EhClause clause)
    {
        while (true)
        {
            while (reader.TryRead(out clause))
            {
                if (skippingSiblings && !clause.IsSeparator && clause.TryStart == start && clause.TryEnd == end)
                    continue;
                skippingSiblings = false;
                if (!clause.IsSeparator && clause.Covers(start, end) && body->Contains(method->Begin + clause.TryStart))
                    return true;
            }

            if (body->Kind == BodyKind.Method || !LeaveFunclet())
                return false;
        }
    }

    /// <summary>The body that the try block of a funclet's clause lies in; null if it has no clause.</summary>
    public static FunctionEntry* BodyAround(FunctionTable functions, FunctionEntry* method, FunctionEntry* funclet)
    {
        var search = new EhClauseReader(method->Clauses);
        while (search.TryRead(out EhClause clause))
        {
            if (clause.HasFunclet(funclet->Begin - method->Begin))
                return functions.Find(method->Begin + clause.TryStart);
        }

        return null;
    }

    /// <summary>Goes from a funclet to the try block that it belongs to.</summary>
    private bool LeaveFunclet()
    {
        reader = new EhClauseReader(method->Clauses);
        uint funclet = body->Begin - method->Begin;
        while (reader.TryRead(out EhClause clause))
        {
            if (!clause.HasFunclet(funclet))
                continue;
            FunctionEntry* around = functions.Find(method->Begin + clause.TryStart);
            // Outer clauses come later in the table; going back would go round for ever.
            if (around == null || clause.Index <= lastLeft)
                return false;
            lastLeft = clause.Index;
            body = around;
            start = clause.TryStart;
            end = clause.TryEnd;
            skippingSiblings = true;
            return true;
        }

        return false;
    }
}
