# scope
x = 'global'
def f():
    x = 'f'
    class K:
        y = 'y'
        x = 'k'
        def g(self): return x
        z = [x for _ in range(1)]
    return K.y, K.x, K().g(), K.z
print(f())
def outer():
    n = 0
    class Inner:
        def inc(self):
            nonlocal n
            n += 1
            return n
    i = Inner(); i.inc(); i.inc()
    return n
print(outer())
def wal():
    got = [y := i for i in range(3)]
    return y, got
print(wal())
if (m := 5) > 3: print(m)
print([last := v for v in 'abc'], last)
print(any((hit := v) > 1 for v in [1, 2, 3]), hit)
fs = [lambda: i for i in range(3)]; print([g() for g in fs])
fs = [lambda i=i: i for i in range(3)]; print([g() for g in fs])
def gl():
    global newg
    newg = 7
gl(); print(newg)
def ub():
    try:
        print(x)
        x = 1
    except UnboundLocalError as e: print('unbound')
ub()
def default(a=[]):
    a.append(1); return a
default(); print(default())
def rec(n): return 1 if n < 2 else n * rec(n - 1)
print(rec(20), rec(25))
def kw(a, /, b, *, c=3, **k): return a, b, c, k
print(kw(1, 2), kw(1, b=2, c=4, d=5), kw(1, 2, a=9))
for bad in (lambda: kw(), lambda: kw(1, 2, 3), lambda: kw(1, 2, c=1, **{'c': 2}), lambda: kw(1, 2, b=3)):
    try: bad()
    except TypeError as e: print('TypeError')
def deco(n):
    def d(f):
        def w(*a, **k): return f(*a, **k) * n
        return w
    return d
@deco(2)
@deco(3)
def one(): return 1
print(one())
def gen():
    try:
        yield 1
        yield from [2, 3]
        return 4
    finally: print('closed')
g = gen(); print(next(g), next(g), list(g), next(g, 'end'))
def counter():
    i = 0
    while True:
        yield i
        i += 1
import itertools
c = counter(); print(next(c), next(c), next(c))
print(list(itertools.islice(counter(), 4)))
for v in counter():
    if v > 3: break
print(v)
print(next(v for v in counter() if v > 10))
def order():
    print('start'); yield 1; print('mid'); yield 2; print('end')
for o in order(): print('got', o)
it = iter([1, 2, 3]); print(next(it), [*it], next(it, None))
def two():
    x = yield 1
    print('sent', x)
    y = yield 2
t = two(); next(t); print(t.send('hi'))
print(sum(x * x for x in range(4)), max((len(s), s) for s in ['a', 'bcd', 'ef']))
def early():
    for i in range(5):
        if i == 2: return
        yield i
print(list(early()))
a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d)
*a, = 'xy'; print(a)
x = y = []; x.append(1); print(y)
i = 0
arr = [0, 0]
i, arr[i] = 1, 5; print(i, arr)
for i in range(3): pass
else: print('done', i)
while i: i -= 1
else: print('zero')
for i in []: pass
else: print('empty')
print([i for i in range(10) if i % 2 if i > 3], {k: v for k, v in [('a', 1)]}, {i % 3 for i in range(9)})
print([[j for j in range(i)] for i in range(3)], [(i, j) for i in range(2) for j in range(i + 1)])
del x
try: print(x)
except NameError: print('x gone')
def args(*a, **k): return a, sorted(k.items())
print(args(*[1], 2, *(3, 4), x=1, **{'y': 2}, **dict(z=3)))
print((lambda *a, b=2, **k: (a, b, k))(1, c=3))
try:
    try: raise KeyError('k')
    except KeyError as e: raise ValueError('v') from e
    finally: print('fin')
except ValueError as e: print(repr(e), repr(e.__cause__), e.args)
def ret():
    try: return 'try'
    finally: print('cleanup')
print(ret())
def ret2():
    for i in range(3):
        try: continue
        finally: print(i, end=' ')
    return 'x'
print(ret2())
class MyErr(Exception):
    def __init__(self, code): super().__init__(f'code {code}'); self.code = code
try: raise MyErr(3)
except Exception as e: print(e, e.code, type(e).__mro__[1].__name__, isinstance(e, Exception))
try: [].pop()
except (KeyError, IndexError) as e: print(type(e).__name__, e)
try: {}['a']
except KeyError as e: print(e, str(e))
try: int('x')
except ValueError as e: print(e)
try: 1 / 0
except ZeroDivisionError as e: print(e)
try: None.x
except AttributeError as e: print(e)
try: undefined
except NameError as e: print(e)
try: assert 1 == 2, 'msg'
except AssertionError as e: print(e)
try: raise StopIteration
except StopIteration: print('stop')
try:
    try: 1/0
    except ZeroDivisionError: raise
except ArithmeticError: print('reraised')
class CM:
    def __enter__(self): print('enter'); return self
    def __exit__(self, t, v, tb): print('exit', t.__name__ if t else None); return True
with CM() as cm, CM(): print('body')
with CM(): raise ValueError('swallowed')
print('after')
import contextlib
@contextlib.contextmanager
def ctx(v):
    print('in'); yield v; print('out')
with ctx(3) as q: print(q)
with contextlib.suppress(ValueError): raise ValueError
print('ok')
match [1, 2, {'k': 'v'}]:
    case [a, 2, {'k': str(v)}] if a == 1: print('matched', v)
match {'a': 1, 'b': 2}:
    case {'a': 1, **rest}: print(rest)
class Pt:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
match Pt(1, 2):
    case Pt(0, y): print('no')
    case Pt(x, y=2): print('pt', x)
