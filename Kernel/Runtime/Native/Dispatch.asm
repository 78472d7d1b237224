; Interface calls. A call site does `mov eax, cell; call [cell]` with the object in ecx; edx and the stack hold the
; other arguments and must arrive untouched. InterfaceDispatch (C#) describes cells, call sites and the shared table.
; A null object must fault before anything is pushed: the fault is then laid to the caller's account. So must the end of
; the stack, which is why the stubs touch it first. No thread switch may happen between HaukiDispatchStart and
; HaukiDispatchEnd (Preemption.MaySwitchAt): the table's entries are compared word by word.

bits 32

extern HaukiResolveDispatch

global RhpInitialDynamicInterfaceDispatch
global HaukiCachedDispatch
global HaukiCachedDispatchAddress
global HaukiDispatchTable
global HaukiDispatchStart
global HaukiDispatchEnd

SITE_TYPE       equ     0               ; InterfaceDispatch.CallSite
SITE_CODE       equ     4

ENTRY_TYPE      equ     0               ; InterfaceDispatch.CacheEntry
ENTRY_SITE      equ     4
ENTRY_CODE      equ     8
ENTRY_SHIFT     equ     4
ENTRY_COUNT     equ     1024            ; InterfaceDispatch.CacheEntryCount

PUSHED          equ     16              ; what the cached path pushes
SEARCH_STACK    equ     4096            ; what a search of the dispatch maps needs at most

section .text

HaukiCachedDispatchAddress:
        mov     eax, HaukiCachedDispatch
        ret

HaukiDispatchTable:
        mov     eax, table
        ret

HaukiDispatchStart:
        mov     eax, dispatch_start
        ret

HaukiDispatchEnd:
        mov     eax, dispatch_end
        ret

dispatch_start:

; The first call through a cell; and those that no cache answers.
align 16
RhpInitialDynamicInterfaceDispatch:
        test    [ecx], ecx
        test    [esp - SEARCH_STACK], ecx
        push    ecx
        push    edx
        mov     edx, eax
        call    HaukiResolveDispatch    ; (object, cell)
        pop     edx
        pop     ecx
        jmp     eax

; A call through a cell that has seen a type before.
align 16
HaukiCachedDispatch:
        test    [ecx], ecx
        test    [esp - PUSHED], ecx
        push    edx
        push    eax
        mov     edx, [ecx]
        mov     eax, [eax + 4]          ; the call site
        cmp     edx, [eax + SITE_TYPE]
        jne     .other_type
        mov     eax, [eax + SITE_CODE]
        mov     edx, [esp + 4]
        add     esp, 8
        jmp     eax

.other_type:                            ; edx = type, eax = call site
        push    ebx
        push    esi
        mov     ebx, edx                ; InterfaceDispatch.Hash
        shr     ebx, 3
        mov     esi, eax
        shr     esi, 4
        xor     ebx, esi
        and     ebx, ENTRY_COUNT - 1
        shl     ebx, ENTRY_SHIFT
        cmp     edx, [table + ebx + ENTRY_TYPE]
        jne     .unknown
        cmp     eax, [table + ebx + ENTRY_SITE]
        jne     .unknown
        mov     eax, [table + ebx + ENTRY_CODE]
        pop     esi
        pop     ebx
        mov     edx, [esp + 4]
        add     esp, 8
        jmp     eax

.unknown:
        pop     esi
        pop     ebx
        pop     eax                     ; the cell
        pop     edx
        jmp     RhpInitialDynamicInterfaceDispatch

dispatch_end:

section .bss
alignb 16

table:
        resb    ENTRY_COUNT << ENTRY_SHIFT
